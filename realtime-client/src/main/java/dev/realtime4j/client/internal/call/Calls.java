package dev.realtime4j.client.internal.call;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every call between its making and its answer: those that wait for the connection or the pace, and
 * those that wait for an answer.
 *
 * <p>Bounded: {@value #MAX_OUTSTANDING} calls in all, and while there is no connection {@value
 * #MAX_WAITING} of {@value #MAX_WAITING_CHARS} characters. A call above a bound <em>fails at
 * once</em>.
 *
 * <p>Thread safety: {@link #call} from any thread; all else on the loop.
 */
public final class Calls {
  public static final int MAX_OUTSTANDING = 1_024;
  public static final int MAX_WAITING = 256;
  static final int MAX_WAITING_CHARS = 1024 * 1024;
  static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Duration RECHECK = Duration.ofSeconds(2);

  /** How much is joined into one frame: well below what a server takes. */
  private static final int MAX_FRAME_CHARS = 16 * 1024;

  /** Where messages go out. */
  public interface Sender {
    void send(String text);

    /** Whether something is arriving now that an answer may wait behind, or be. */
    boolean isArriving();
  }

  private final Loop loop;
  private final CallRateLimiter pace;
  private final OfflinePolicy policy;
  private final Duration timeout;
  private final int maxMessageBytes;
  private final Executor completions;

  private final AtomicInteger outstanding = new AtomicInteger();
  private final Map<Long, Call<?>> unanswered = new LinkedHashMap<>();
  private final BytesInFlight outgoing = new BytesInFlight();
  private final Deque<Call<?>> first = new ArrayDeque<>();
  private final WaitingCalls waiting = new WaitingCalls();
  private long lastId;
  private @Nullable Sender sender;
  private boolean online;
  private boolean pausing;
  private boolean ownWasLast;
  private @Nullable RealtimeException givenUp;

  /**
   * @param policy what becomes of calls without a connection
   * @param timeout how long an answer may take
   * @param maxMessageBytes the largest message to send
   * @param completions completes the futures of the application
   */
  public Calls(
      Loop loop,
      CallRateLimiter pace,
      OfflinePolicy policy,
      Duration timeout,
      int maxMessageBytes,
      Executor completions) {
    this.loop = loop;
    this.pace = pace;
    this.policy = policy;
    this.timeout = timeout;
    this.maxMessageBytes = maxMessageBytes;
    this.completions = completions;
  }

  /** Makes a call of the application. */
  public <T> CompletableFuture<T> call(Call<T> call) {
    if (call.bytesAbove(maxMessageBytes)) {
      return FailedFuture.future(
          new RealtimeException(
              ErrorCode.LIMIT_EXCEEDED,
              "a call of " + call.method + " is larger than " + maxMessageBytes + " bytes"));
    }
    if (outstanding.incrementAndGet() > MAX_OUTSTANDING) {
      outstanding.decrementAndGet();
      return FailedFuture.future(
          unavailable(call, "more than " + MAX_OUTSTANDING + " calls are outstanding"));
    }
    call.future.whenComplete(
        (result, failure) -> {
          outstanding.decrementAndGet();
          if (call.future.isCancelled()) {
            loop.execute(() -> forget(call, failure));
          }
        });
    if (!loop.execute(() -> accept(call))) {
      call.future.completeExceptionally(unavailable(call, "the client is closed"));
    }
    return call.future;
  }

  private void accept(Call<?> call) {
    if (call.future.isDone()) {
      return;
    }
    if (givenUp != null) {
      fail(call, unavailable(call, String.valueOf(givenUp.getMessage())));
    } else if (!online && policy == OfflinePolicy.FAIL) {
      fail(call, unavailable(call, "there is no connection"));
    } else if (!waiting.hasRoomFor(call)) {
      fail(call, unavailable(call, "too many calls wait already"));
    } else {
      call.onAccepted.run();
      call.acceptedAt = loop.uptime();
      waiting.add(call);
      armWait(call);
      pump();
    }
  }

  /** Makes a call of the connection's own; it fails when the connection is lost. */
  public <T> void callFirst(Call<T> call) {
    if (sender == null) {
      fail(call, unavailable(call, "there is no connection"));
      return;
    }
    first.addLast(call);
    pump();
  }

  /** A socket is there, for the connection's own calls. */
  public void connected(Sender socket) {
    sender = socket;
    outgoing.clear();
    first.addAll(waiting.takeSentStateful());
    pump();
  }

  /** The application's calls may flow. */
  public void online() {
    online = true;
    pump();
  }

  /** The socket is gone. */
  public void offline() {
    sender = null;
    online = false;
    List<Call<?>> cut = new ArrayList<>(unanswered.values());
    cut.addAll(first);
    unanswered.clear();
    first.clear();
    for (int i = cut.size() - 1; i >= 0; i--) {
      Call<?> call = cut.get(i);
      if (call.isRepeatable()) {
        waiting.putBack(call);
        armWait(call);
      } else {
        fail(call, unavailable(call, "the connection was lost before the answer"));
      }
    }
  }

  /** Nothing will be sent any more, until {@link #revive}. */
  public void giveUp(RealtimeException cause) {
    givenUp = cause;
    offline();
    waiting
        .takeAll()
        .forEach(call -> fail(call, unavailable(call, String.valueOf(cause.getMessage()))));
  }

  /** The application connects again after a failure. */
  public void revive() {
    givenUp = null;
  }

  /** An answer came. */
  public void answered(long id, Consumer<Call<?>> answer) {
    Call<?> call = unanswered.remove(id);
    if (call != null) {
      answer.accept(call);
    }
  }

  public void answered(Frame.Result result) {
    answered(result.id(), call -> complete(call, result.result()));
  }

  public void answered(Frame.Failure failure) {
    if (failure.id() != null) {
      RealtimeException refusal =
          new RealtimeException(failure.code(), failure.message(), failure.retryAfter(), null);
      answered(failure.id(), call -> fail(call, refusal));
    }
  }

  private void armWait(Call<?> call) {
    Duration left = call.acceptedAt.plus(MAX_WAIT).minus(loop.uptime());
    arm(call, left.isNegative() ? Duration.ZERO : left, "there was no connection in time");
  }

  /** Sends what may be sent now, several messages to a frame. */
  private void pump() {
    StringBuilder frame = new StringBuilder();
    Sender out = sender;
    while (out != null && !pausing && (!first.isEmpty() || online && !waiting.isEmpty())) {
      boolean own = isOwnNext();
      Duration pause = pace.take(own ? first.element().cost : waiting.next().cost, loop.uptime());
      if (pause.isZero()) {
        ownWasLast = own;
        write(own ? first.removeFirst() : waiting.take(), frame, out);
      } else {
        pausing = true;
        loop.after(pause, this::endPause);
      }
    }
    if (out != null && frame.length() > 0) {
      out.send(frame.toString());
    }
  }

  /** The connection's own calls go first, but one of the application's after each of them. */
  private boolean isOwnNext() {
    boolean applications = online && !waiting.isEmpty();
    return !(first.isEmpty() || applications && ownWasLast);
  }

  private void endPause() {
    pausing = false;
    pump();
  }

  private void write(Call<?> call, StringBuilder frame, Sender out) {
    Long id = call.owner == Call.Owner.ONE_WAY ? null : Long.valueOf(++lastId);
    call.id = id;
    String message = FrameCodec.encode(new Frame.Call(id, call.method, call.params));
    if (frame.length() > 0 && frame.length() + message.length() > MAX_FRAME_CHARS) {
      out.send(frame.toString());
      frame.setLength(0);
    }
    frame.append(frame.length() == 0 ? "" : "\n").append(message);
    if (id != null) {
      unanswered.put(id, call);
      Duration onItsWay = outgoing.sent(message.length(), loop.uptime());
      awaitAnswer(call, onItsWay.plus(timeout));
    }
  }

  /** While bytes arrive an answer may be among them, or wait behind them. */
  private void awaitAnswer(Call<?> call, Duration wait) {
    call.timer.cancel();
    call.timer =
        loop.after(
            wait,
            () -> {
              if (sender != null && sender.isArriving()) {
                awaitAnswer(call, RECHECK);
              } else {
                forget(call, unavailable(call, "no answer within " + timeout.toMillis() + " ms"));
              }
            });
  }

  private void arm(Call<?> call, Duration delay, String message) {
    call.timer.cancel();
    call.timer = loop.after(delay, () -> forget(call, unavailable(call, message)));
  }

  /** Takes a call out, wherever it is, and fails it. */
  private void forget(Call<?> call, @Nullable Throwable failure) {
    waiting.remove(call);
    first.remove(call);
    if (call.id != null) {
      unanswered.remove(call.id, call);
    }
    fail(call, failure == null ? unavailable(call, "cancelled") : failure);
  }

  private <T> void complete(Call<T> call, Json result) {
    T read;
    try {
      read = call.reader.apply(result);
    } catch (RuntimeException e) {
      fail(call, new RealtimeException(ErrorCode.INTERNAL, call.method + ": unreadable answer", e));
      return;
    }
    call.onGranted.run();
    finish(call, () -> call.future.complete(read));
  }

  private void fail(Call<?> call, Throwable failure) {
    if (!call.done) {
      finish(call, () -> call.future.completeExceptionally(failure));
      call.onFailed.accept(failure);
    }
  }

  /**
   * What hangs on the application's future is the application's code: it never runs on the loop.
   */
  private void finish(Call<?> call, Runnable completion) {
    call.done = true;
    call.timer.cancel();
    if (call.owner == Call.Owner.APPLICATION) {
      completions.execute(completion);
    } else {
      completion.run();
    }
  }

  private static RealtimeException unavailable(Call<?> call, String why) {
    return RealtimeException.unavailable(call.method + " was not done: " + why, null);
  }
}
