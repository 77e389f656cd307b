package dev.realtime4j.client;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.client.internal.ClientEnvironment;
import dev.realtime4j.client.internal.ClientEnvironments;
import dev.realtime4j.client.internal.ClientRuntime;
import dev.realtime4j.client.internal.ClientSettings;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.connection.ProvidedTokens;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's connection to a realtime4j server: it connects, comes back by itself whatever happens,
 * and tells the application each notification exactly once.
 *
 * <pre>{@code
 * RealtimeClient client = RealtimeClient.builder()
 *     .endpoint(URI.create("wss://example.org/ws"))
 *     .tokenProvider(() -> session.freshToken())
 *     .build();
 * client.notifications().onNew(notification -> show(notification));
 * client.connect();
 * }</pre>
 *
 * <p>Register listeners before {@link #connect()}; one that is registered twice is called once.
 * Listeners are called one at a time and in order, by the callback executor; a listener may block,
 * use any method of the client, wait for its futures and close it. One that throws is logged. A
 * listener that is far behind (10,000 things) makes the client drop the connection and come back
 * later: nothing durable is lost.
 *
 * <p>Futures are completed on threads of the client's own, so what hangs on them may block, too.
 *
 * <p>Thread safety: any thread, any method; nothing but {@link #close()} blocks.
 *
 * <p>Lifecycle: built, connected, closed; {@link #close()} ends all threads. A client belongs to
 * one user: another user needs another client.
 */
public final class RealtimeClient implements AutoCloseable {
  private final ClientRuntime runtime;
  private final ClientRooms rooms;
  private final ClientPresence presence;
  private final ClientNotifications notifications;

  RealtimeClient(ClientRuntime runtime) {
    this.runtime = runtime;
    this.rooms = runtime.rooms();
    this.presence = runtime.presence();
    this.notifications = runtime.notifications();
  }

  /** Begins a client. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Connects, and stays connected. The client never gives up by itself: only a server that says not
   * to come back ends it in {@link ConnectionState#FAILED}, from where this may be called again.
   *
   * @return done at the first connection; fails when the server says not to come back, and when the
   *     client is closed before. Why it is not there yet, {@link #onState} and the log tell
   */
  public CompletableFuture<Void> connect() {
    return runtime.connect();
  }

  /**
   * The same for who does not want to wait for ever: {@code
   * connectWithin(Duration.ofSeconds(5)).join()}. The client goes on trying when the time is over,
   * until it is {@linkplain #pause paused} or {@linkplain #close closed}.
   *
   * @param timeout longer than nothing
   * @return as that of {@link #connect()}; after this time it fails with why the last attempt
   *     failed: the code of that, and as a cause what {@link #onState} was told
   */
  public CompletableFuture<Void> connectWithin(Duration timeout) {
    if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be longer than nothing, not " + timeout);
    }
    return runtime.connectWithin(timeout);
  }

  /**
   * Goes away for a while, for example because the application is in the background: the socket is
   * closed, and what the application wants is remembered. Does nothing unless connected or on the
   * way.
   */
  public void pause() {
    runtime.pause();
  }

  /** Comes back from {@link #pause()} and catches up. */
  public void resume() {
    runtime.resume();
  }

  /**
   * The device is on another network: the connection is made anew, without the usual wait. A wait
   * that the server asked for is kept.
   */
  public void networkChanged() {
    runtime.networkChanged();
  }

  /** Where the connection stands now. */
  public ConnectionState state() {
    return runtime.state();
  }

  /** The user, as the server knows them; empty before the first connection. */
  public Optional<UserId> userId() {
    return runtime.user();
  }

  /** Live rooms. */
  public ClientRooms rooms() {
    return rooms;
  }

  /** Who is online. */
  public ClientPresence presence() {
    return presence;
  }

  /** The user's notifications: listening to them, reading them, an inbox. */
  public ClientNotifications notifications() {
    return notifications;
  }

  /**
   * Calls a method that the host registered.
   *
   * @param params an object
   * @return the result; fails with {@link dev.realtime4j.api.RealtimeException}: as the server
   *     refused it, or {@code UNAVAILABLE} when there was no answer in time, the connection was
   *     lost before the answer (whether it was done is not known), or too much waits already.
   *     Cancelling it forgets the call; a server that has it may still do it.
   */
  public CompletableFuture<Json> call(String method, Json params) {
    return runtime.call(method, params);
  }

  /** Listens to each step of the connection. */
  public Registration onState(Consumer<? super ConnectionChange> listener) {
    return runtime.listeners().onState(listener);
  }

  /** Listens to changes of watched users. */
  public Registration onPresence(Consumer<? super Presence> listener) {
    return runtime.listeners().onPresence(listener);
  }

  /** Listens to rooms that the server does not let the client into again after a reconnect. */
  public Registration onRoomLost(Consumer<? super RoomLost> listener) {
    return runtime.listeners().onRoomLost(listener);
  }

  /** Listens to events of one name, of rooms and of the user. */
  public Registration onEvent(String name, Consumer<? super Event> listener) {
    return runtime.listeners().onEvent(name, listener);
  }

  /** Listens to all events that the protocol does not use itself, and to {@code room.…}. */
  public Registration onAnyEvent(Consumer<? super Event> listener) {
    return runtime.listeners().onAnyEvent(listener);
  }

  /**
   * Ends it: calls under way fail with {@code UNAVAILABLE}, what waits for listeners is dropped but
   * for the last state. Idempotent, from any thread, a listener among them; returns within two
   * seconds, and leaves no thread. A listener that still runs then is interrupted, unless it is the
   * caller or runs on the application's own executor.
   */
  @Override
  public void close() {
    runtime.close();
  }

  /** Collects what a client needs. Not thread-safe; used once. */
  public static final class Builder extends ConnectionBuilder<Builder> {
    private @Nullable Executor callbackExecutor;
    private CursorStore cursors = CursorStore.inMemory();
    private OfflinePolicy offlinePolicy = OfflinePolicy.QUEUE;
    private Duration callTimeout = Duration.ofSeconds(10);
    private int messagesPerSecond = 9;
    private int burst = 16;
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Where listeners run. It stays the application's and is not shut down. When not called: a
     * daemon thread of the client's own.
     */
    public Builder callbackExecutor(Executor executor) {
      this.callbackExecutor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /** Where the cursor is kept; when not called: in memory. */
    public Builder cursorStore(CursorStore store) {
      this.cursors = Objects.requireNonNull(store, "store");
      return this;
    }

    /** What becomes of calls without a connection; {@code QUEUE} when not called. */
    public Builder offlinePolicy(OfflinePolicy policy) {
      this.offlinePolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How long the answer to a call, or a token, may take; 10 seconds when not called. A call has
     * the time besides that its bytes need at 2 kB a second, and is waited for while its answer, or
     * what lies before it, is arriving.
     */
    public Builder callTimeout(Duration timeout) {
      this.callTimeout = positive("callTimeout", Objects.requireNonNull(timeout, "timeout"));
      return this;
    }

    /**
     * How fast messages may go out; what is faster waits. When not called 9 a second with bursts of
     * 16, just below what a server allows by default. Raise it only together with the server's
     * limit.
     */
    public Builder pace(int messagesPerSecond, int burst) {
      if (messagesPerSecond < 1 || burst < 1) {
        throw new InvalidValueException("the pace needs one message a second and a burst of one");
      }
      this.messagesPerSecond = messagesPerSecond;
      this.burst = burst;
      return this;
    }

    /**
     * The clock that token expiry is measured with where the server does not tell its own time; the
     * system's when not called.
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Builds it; {@link RealtimeClient#connect()} connects it.
     *
     * @throws InvalidValueException that names what is missing; {@code INTERNAL} when the
     *     application excluded Java-WebSocket
     */
    public RealtimeClient build() {
      if (endpoints.isEmpty()) {
        throw new IllegalStateException("a client needs an endpoint: call endpoint(URI)");
      }
      if (tokens == null) {
        throw new IllegalStateException(
            "a client needs tokens: call tokenProvider(TokenProvider) or token(String)");
      }
      ClientSettings settings =
          new ClientSettings(
              endpoints,
              new ProvidedTokens(tokens),
              cursors,
              offlinePolicy,
              callTimeout,
              handshakeTimeout,
              delays,
              maxMessageBytes);
      CallRateLimiter pace = new CallRateLimiter(messagesPerSecond, burst);
      Supplier<ClientEnvironment> chosen = ClientEnvironments.of(this);
      ClientEnvironment environment = chosen == null ? systemEnvironment(clock) : chosen.get();
      return new RealtimeClient(new ClientRuntime(settings, environment, pace, callbackExecutor));
    }
  }
}
