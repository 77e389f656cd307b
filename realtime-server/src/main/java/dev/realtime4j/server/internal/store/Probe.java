package dev.realtime4j.server.internal.store;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Asks a store whether it answers: one question at a time, not more often than once in {@link
 * #PAUSE}, on a thread of its own. A question without an answer within {@link #PATIENCE} is one
 * that failed. It may hang for ever where no timeout is set, so another one is begun beside it
 * after {@link #ABANDONED}.
 *
 * <p>Thread safety: any thread.
 */
final class Probe {
  static final Duration PAUSE = Duration.ofMillis(100);
  static final Duration PATIENCE = Duration.ofSeconds(2);
  static final Duration ABANDONED = Duration.ofSeconds(10);
  private static final int MOST = 3;

  private final Runnable question;
  private final Runnable answered;
  private final Consumer<RealtimeException> failed;
  private final ServerEnvironment environment;
  private final ExecutorService threads;
  private int running;
  private boolean wanted;
  private long begun;
  private boolean toldSilence;

  /**
   * @param question fails with {@code UNAVAILABLE} when the store is unavailable
   * @param answered told of each answer
   * @param failed told of each failure
   */
  Probe(
      String role,
      ServerEnvironment environment,
      Runnable question,
      Runnable answered,
      Consumer<RealtimeException> failed) {
    this.question = question;
    this.answered = answered;
    this.failed = failed;
    this.environment = environment;
    this.threads = environment.threads().pool(role + "-probe", MOST, MOST);
    this.begun = now() - ABANDONED.toNanos();
  }

  /** Asks, now or as soon as it may. */
  void ask() {
    synchronized (this) {
      wanted = true;
    }
    tick();
  }

  /** Begins what is wanted, and gives up what says nothing. */
  void tick() {
    boolean silent = false;
    synchronized (this) {
      long passed = now() - begun;
      if (running > 0 && !toldSilence && passed > PATIENCE.toNanos()) {
        toldSilence = true;
        silent = true;
      }
      Duration pause = running == 0 ? PAUSE : ABANDONED;
      if (wanted && running < MOST && passed >= pause.toNanos()) {
        begin();
      }
    }
    if (silent) {
      failed.accept(
          RealtimeException.unavailable(
              "it has not answered within " + PATIENCE.toMillis() + " ms", null));
    }
  }

  private void begin() {
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException e) {
      return; // The server is closed.
    }
    wanted = false;
    running++;
    begun = now();
    toldSilence = false;
  }

  private void run() {
    RealtimeException failure = null;
    try {
      question.run();
    } catch (RealtimeException e) {
      // Whatever else it says, it answered.
      failure = e.code() == ErrorCode.UNAVAILABLE ? e : null;
    } catch (RuntimeException e) {
      failure = RealtimeException.unavailable("it failed with " + e.getClass().getName(), e);
    } finally {
      synchronized (this) {
        running--;
      }
    }
    if (failure == null) {
      answered.run();
    } else {
      failed.accept(failure);
    }
  }

  private long now() {
    return environment.nanoTime().getAsLong();
  }

  void close() {
    threads.shutdownNow();
  }
}
