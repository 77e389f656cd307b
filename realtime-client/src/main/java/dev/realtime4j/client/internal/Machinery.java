package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.client.ClientNotifications;
import dev.realtime4j.client.ClientPresence;
import dev.realtime4j.client.ClientRooms;
import dev.realtime4j.client.ConnectionState;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All the parts of one client, made, wired and ended.
 *
 * <p>Thread safety: any thread.
 */
public final class Machinery {
  private static final Duration CLOSE_WITHIN = Duration.ofMillis(1_900);
  private static final Duration SOCKETS_WITHIN = Duration.ofMillis(1_000);

  private final Loop loop;
  private final Completions completions = new Completions();
  private final @Nullable ExecutorService ownCallbackThread;
  private final Callbacks callbacks;
  private final Broadcasts broadcasts = new Broadcasts();
  private final Engine engine;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param callbackExecutor the application's; null for a thread of our own
   */
  public Machinery(
      Settings settings,
      Surroundings surroundings,
      Pace pace,
      @Nullable Executor callbackExecutor) {
    this.loop = surroundings.loop();
    this.ownCallbackThread = callbackExecutor == null ? Threads.callbacks() : null;
    Executor teller = ownCallbackThread == null ? callbackExecutor : ownCallbackThread;
    this.callbacks = new Callbacks(surroundings.watched().apply(Objects.requireNonNull(teller)));
    this.engine =
        new Engine(
            loop,
            settings,
            surroundings.sockets(),
            pace,
            callbacks,
            broadcasts,
            surroundings.watched().apply(completions),
            surroundings.jitter());
  }

  public Broadcasts broadcasts() {
    return broadcasts;
  }

  public ClientRooms rooms() {
    return new RoomCalls(engine.calls, engine.desired);
  }

  public ClientPresence presence() {
    return new PresenceCalls(engine.calls, engine.desired);
  }

  public ClientNotifications notifications() {
    return engine.notifications();
  }

  public CompletableFuture<Json> call(String method, Json params) {
    return engine.calls.call(new Call<>(Call.Owner.APPLICATION, method, params, result -> result));
  }

  public ConnectionState state() {
    return engine.state();
  }

  public Optional<UserId> user() {
    return engine.user();
  }

  public CompletableFuture<Void> connect() {
    return engine.connect();
  }

  public CompletableFuture<Void> connectWithin(Duration timeout) {
    return engine.connectWithin(timeout);
  }

  public void pause() {
    engine.signal(new Signal.Pause());
  }

  public void resume() {
    engine.signal(new Signal.Resume());
  }

  public void networkChanged() {
    engine.signal(new Signal.NetworkChanged());
  }

  /** Ends everything, from any thread, a callback among them, within two seconds. */
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long begin = System.nanoTime();
    CompletableFuture<Void> quiet = new CompletableFuture<>();
    loop.execute(() -> engine.close(quiet));
    await(quiet);
    loop.close(left(begin));
    completions.close(left(begin));
    if (ownCallbackThread != null) {
      ownCallbackThread.shutdown();
      if (!callbacks.isCaller() && !Threads.awaitEnd(ownCallbackThread, left(begin))) {
        ownCallbackThread.shutdownNow();
      }
    }
  }

  private static Duration left(long begin) {
    return CLOSE_WITHIN.minusNanos(System.nanoTime() - begin);
  }

  private static void await(CompletableFuture<Void> quiet) {
    CountDownLatch ended = new CountDownLatch(1);
    quiet.whenComplete((nothing, failure) -> ended.countDown());
    // A socket that does not end in time is a daemon's: nothing waits for it.
    Threads.uninterrupted(
        SOCKETS_WITHIN, left -> ended.await(left.toNanos(), TimeUnit.NANOSECONDS));
  }
}
