package dev.realtime4j.server.internal.store;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before one store: a circuit breaker and a bulkhead (M. Nygard, Release It!, 2nd ed.,
 * chapter 5).
 *
 * <p>The breaker opens when a {@linkplain Probe probe} says that the store is unavailable, be it
 * that it refuses or that it says nothing. The probe runs when a call has failed, or when calls are
 * inside the store and none has come back for {@link #SUSPICIOUS}: one slow call beside others that
 * come back is nothing. While it is open every caller is refused at once, those who already wait
 * included, and only the probe goes on asking.
 *
 * <p>The bulkhead is a number of threads of its own: what clients ask of the store, and what may
 * wait for it for so long only, takes no thread from anything else.
 *
 * <p>Thread safety: any thread.
 */
public final class StoreGuard implements StoreAccess, AutoCloseable {
  /** Calls inside the store that say nothing for so long make it suspicious. */
  static final Duration SUSPICIOUS = Duration.ofSeconds(1);

  private static final Duration TICK = Duration.ofMillis(100);
  private static final int THREADS = 16;

  /** Calls that wait for a thread; further ones are refused. */
  private static final int MAX_WAITING = 10_000;

  private final String store;
  private final Listener listener;
  private final ServerEnvironment environment;
  private final Probe probe;
  private final ExecutorService threads;
  private final Set<CompletableFuture<?>> submitted = ConcurrentHashMap.newKeySet();
  private final AtomicInteger inside = new AtomicInteger();

  /** When the store answered last, or the first call went in that is inside now. */
  private volatile long progress;

  /** Why callers are refused; null while they are not. */
  private volatile @Nullable RealtimeException reason;

  /** Hears of changes, on any thread; must not block. */
  public interface Listener {
    /** Callers are refused from now on. */
    void opened(RealtimeException why);

    /** The store answers again. */
    void closed();

    /** Does nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public void opened(RealtimeException why) {}

          @Override
          public void closed() {}
        };
  }

  /**
   * @param store as messages name it, such as {@code "the notification store"}
   * @param role in the names of the threads
   * @param probe asks the store for something that is cheap and needs its tables; fails with {@code
   *     UNAVAILABLE} when it is unavailable
   */
  public StoreGuard(
      String store, String role, ServerEnvironment environment, Runnable probe, Listener listener) {
    this.store = store;
    this.listener = listener;
    this.environment = environment;
    this.threads = environment.threads().pool(role, THREADS, MAX_WAITING);
    this.probe = new Probe(role, environment, probe, this::answered, this::open);
    this.progress = now();
  }

  /** Begins to look after the calls. */
  public void watch(ScheduledExecutorService timer) {
    long nanos = TICK.toNanos();
    timer.scheduleWithFixedDelay(this::tick, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** The threads of this store, for what may wait in it. */
  public Executor threads() {
    return threads;
  }

  /** Whether callers are refused. */
  public boolean isOpen() {
    return reason != null;
  }

  @Override
  public <T> T call(Supplier<T> work) {
    requireClosed();
    if (inside.getAndIncrement() == 0) {
      progress = now();
    }
    try {
      T result = work.get();
      progress = now();
      return result;
    } catch (RealtimeException e) {
      failed(e);
      throw e;
    } finally {
      inside.decrementAndGet();
    }
  }

  /**
   * Asks the store on a thread of its own.
   *
   * @return fails as {@link #call} does; also when the breaker opens meanwhile, whatever the call
   *     comes to
   */
  public <T> CompletableFuture<T> submit(Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    submitted.add(done);
    done.whenComplete((result, failure) -> submitted.remove(done));
    RealtimeException why = reason;
    if (why != null) {
      done.completeExceptionally(refused(why));
      return done;
    }
    try {
      threads.execute(() -> run(work, done));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(
          RealtimeException.unavailable("too many calls wait for " + store, null));
    }
    return done;
  }

  private <T> void run(Supplier<T> work, CompletableFuture<T> done) {
    if (done.isDone()) {
      return; // Refused while it waited.
    }
    try {
      done.complete(call(work));
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  /**
   * Asks the store on a thread of its own and waits for the answer, but not for long.
   *
   * @throws RealtimeException as {@link #call}, and {@code UNAVAILABLE} when the time is over
   */
  public <T> T within(Duration patience, Supplier<T> work) {
    CompletableFuture<T> done = submit(work);
    try {
      if (!environment.threads().await(done, patience)) {
        done.completeExceptionally(
            RealtimeException.unavailable(
                store + " did not answer within " + patience.toMillis() + " ms", null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.completeExceptionally(RealtimeException.unavailable("interrupted", e));
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }

  private void requireClosed() {
    RealtimeException why = reason;
    if (why != null) {
      throw refused(why);
    }
  }

  /** Each caller is given one of their own: an exception can be changed by whoever catches it. */
  private CallRefusedException refused(RealtimeException why) {
    return new CallRefusedException(store + " is unavailable: " + why.getMessage(), why.getCause());
  }

  private void failed(RealtimeException e) {
    if (e.code() == ErrorCode.UNAVAILABLE) {
      probe.ask();
    } else {
      progress = now();
    }
  }

  /** Looks after the calls; short. */
  void tick() {
    boolean stuck = inside.get() > 0 && now() - progress > SUSPICIOUS.toNanos();
    if (isOpen() || stuck) {
      probe.ask();
    }
    probe.tick();
  }

  private synchronized void open(RealtimeException why) {
    if (reason != null) {
      return;
    }
    reason = why;
    submitted.forEach(done -> done.completeExceptionally(refused(why)));
    listener.opened(why);
  }

  /** The store answered. */
  private synchronized void answered() {
    progress = now();
    if (reason != null) {
      reason = null;
      listener.closed();
    }
  }

  private long now() {
    return environment.nanoTime().getAsLong();
  }

  /** Ends the threads; whoever waits is told that the server is closed. */
  @Override
  public void close() {
    threads.shutdownNow();
    probe.close();
    RealtimeException closed = RealtimeException.unavailable("the server is closed", null);
    submitted.forEach(done -> done.completeExceptionally(closed));
  }
}
