package dev.realtime4j.server.internal.session.call;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.server.internal.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which name is which method. The features fill it before the server starts.
 *
 * <p>Thread safety: filled by one thread, then read by any.
 */
public final class MethodTable {
  private static final Logger log = LoggerFactory.getLogger(MethodTable.class);

  private final Map<String, Method> methods = new HashMap<>();
  private final LongAdder failures = new LongAdder();

  /**
   * Adds a method.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public void register(String name, Method method) {
    if (methods.putIfAbsent(name, method) != null) {
      throw new IllegalArgumentException("the method \"" + name + "\" is registered already");
    }
  }

  /** How many calls ended in an error inside the server. */
  public long failures() {
    return failures.sum();
  }

  /** Calls a method and sends what comes of it. */
  public void call(Session session, Frame.Call call) {
    Long id = call.id();
    try {
      Method method = methods.get(call.method());
      if (method == null) {
        throw new RealtimeException(
            ErrorCode.UNKNOWN_METHOD, "there is no method of this name on this server");
      }
      Reply reply = method.handle(session, Params.of(call.params()));
      if (reply instanceof Answer answer) {
        answered(session, id, answer);
      } else if (reply instanceof Reply.Pending pending) {
        pending.answer().whenComplete((answer, e) -> later(session, call, answer, e));
      }
    } catch (Throwable e) {
      failed(session, call, e);
    }
  }

  private void later(
      Session session, Frame.Call call, @Nullable Answer answer, @Nullable Throwable e) {
    try {
      if (answer != null) {
        answered(session, call.id(), answer);
        return;
      }
    } catch (Throwable inAnswer) {
      failed(session, call, inAnswer);
      return;
    }
    Throwable cause = e instanceof CompletionException ? e.getCause() : e;
    failed(session, call, cause == null ? new IllegalStateException("no answer") : cause);
  }

  private static void answered(Session session, @Nullable Long id, Answer answer) {
    if (id != null) {
      session.send(new Frame.Result(id, answer.result()));
    }
    if (answer.afterwards() != null) {
      answer.afterwards().run();
    }
  }

  private void failed(Session session, Frame.Call call, Throwable thrown) {
    Long id = call.id();
    Throwable e = thrown instanceof InvalidValueException given ? given.asFailure() : thrown;
    if (e instanceof RealtimeException known && known.code() != ErrorCode.INTERNAL) {
      fail(session, id, new Frame.Failure(id, known.code(), message(known), known.retryAfter()));
      return;
    }
    failures.increment();
    log.error(
        "Method {} failed for socket {}", call.method(), session.id(), PrintableFailure.of(e));
    String message =
        e instanceof RealtimeException known ? message(known) : "the server failed; see its log";
    fail(session, id, new Frame.Failure(id, ErrorCode.INTERNAL, message, null));
  }

  private static void fail(Session session, @Nullable Long id, Frame.Failure failure) {
    if (id != null) {
      session.send(failure);
    }
  }

  private static String message(RealtimeException e) {
    String message = e.getMessage();
    return message == null ? "" : message;
  }
}
