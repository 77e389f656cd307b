package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.client.ClientNotifications;
import dev.realtime4j.client.ClientPresence;
import dev.realtime4j.client.ClientRooms;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.connection.Signal;
import dev.realtime4j.client.internal.desired.PresenceCalls;
import dev.realtime4j.client.internal.desired.RoomCalls;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.ClientThreads;
import dev.realtime4j.client.internal.loop.Completions;
import dev.realtime4j.client.internal.loop.Loop;
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
public final class ClientRuntime {
  private static final Duration CLOSE_WITHIN = Duration.ofMillis(1_900);
  private static final Duration SOCKETS_WITHIN = Duration.ofMillis(1_000);

  private final Loop loop;
  private final Completions completions = new Completions(Calls.MAX_OUTSTANDING + 64);
  private final @Nullable ExecutorService ownCallbackThread;
  private final Callbacks callbacks;
  private final ApplicationListeners listeners = new ApplicationListeners();
  private final ConnectionDriver driver;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param callbackExecutor the application's; null for a thread of our own
   */
  public ClientRuntime(
      ClientSettings settings,
      ClientEnvironment environment,
      CallRateLimiter pace,
      @Nullable Executor callbackExecutor) {
    this.loop = environment.loop();
    this.ownCallbackThread = callbackExecutor == null ? ClientThreads.callbacks() : null;
    Executor teller = ownCallbackThread == null ? callbackExecutor : ownCallbackThread;
    this.callbacks = new Callbacks(environment.watched().apply(Objects.requireNonNull(teller)));
    this.driver =
        new ConnectionDriver(
            loop,
            settings,
            environment.sockets(),
            pace,
            callbacks,
            listeners,
            environment.watched().apply(completions),
            environment.jitter());
  }

  public ApplicationListeners listeners() {
    return listeners;
  }

  public ClientRooms rooms() {
    return new RoomCalls(driver.calls, driver.desired);
  }

  public ClientPresence presence() {
    return new PresenceCalls(driver.calls, driver.desired);
  }

  public ClientNotifications notifications() {
    return driver.notifications();
  }

  public CompletableFuture<Json> call(String method, Json params) {
    return driver.calls.call(new Call<>(Call.Owner.APPLICATION, method, params, result -> result));
  }

  public ConnectionState state() {
    return driver.state();
  }

  public Optional<UserId> user() {
    return driver.user();
  }

  public CompletableFuture<Void> connect() {
    return driver.connect();
  }

  public CompletableFuture<Void> connectWithin(Duration timeout) {
    return driver.connectWithin(timeout);
  }

  public void pause() {
    driver.signal(new Signal.Pause());
  }

  public void resume() {
    driver.signal(new Signal.Resume());
  }

  public void networkChanged() {
    driver.signal(new Signal.NetworkChanged());
  }

  /** Ends everything, from any thread, a callback among them, within two seconds. */
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long begin = System.nanoTime();
    CompletableFuture<Void> quiet = new CompletableFuture<>();
    loop.execute(() -> driver.close(quiet));
    await(quiet);
    loop.close(left(begin));
    driver.openSockets.abort();
    completions.close(left(begin));
    if (ownCallbackThread != null) {
      ownCallbackThread.shutdown();
      if (!callbacks.isCaller() && !ClientThreads.awaitEnd(ownCallbackThread, left(begin))) {
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
    ClientThreads.uninterrupted(
        SOCKETS_WITHIN, left -> ended.await(left.toNanos(), TimeUnit.NANOSECONDS));
  }
}
