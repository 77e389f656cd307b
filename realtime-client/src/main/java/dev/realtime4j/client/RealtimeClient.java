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
 * A user's connection to a realtime4j server: it connects, reconnects whatever happens, and gives
 * the application each notification exactly once.
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
 * use any method of the client, wait for its futures and close it. An exception of a listener is
 * logged. When a listener is 10,000 calls behind, the client drops the connection and reconnects
 * later: nothing durable is lost.
 *
 * <p>Futures complete on threads of the client, so their dependent stages may block, too.
 *
 * <p>Thread safety: every method may be called by any thread; only {@link #close()} blocks.
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
   * Connects, and stays connected. The client never gives up: only when the server says not to come
   * back it is {@link ConnectionState#FAILED}, and this may be called again.
   *
   * @return completes at the first connection; fails when the server says not to come back, and
   *     when the client is closed before. {@link #onState} and the log say why it is not connected
   *     yet
   */
  public CompletableFuture<Void> connect() {
    return runtime.connect();
  }

  /**
   * Like {@link #connect()}, but does not wait forever: {@code
   * connectWithin(Duration.ofSeconds(5)).join()}. The client goes on trying when the time is over,
   * until it is {@linkplain #pause paused} or {@linkplain #close closed}.
   *
   * @param timeout positive
   * @return as that of {@link #connect()}; after this time it fails like the last attempt: with its
   *     code, and with the cause that {@link #onState} was told
   */
  public CompletableFuture<Void> connectWithin(Duration timeout) {
    if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be longer than nothing, not " + timeout);
    }
    return runtime.connectWithin(timeout);
  }

  /**
   * Disconnects for a while, for example because the application is in the background: closes the
   * socket, and remembers rooms, status and watched users. Does nothing unless connected or
   * connecting.
   */
  public void pause() {
    runtime.pause();
  }

  /** Reconnects after {@link #pause()} and catches up. */
  public void resume() {
    runtime.resume();
  }

  /**
   * Tells the client that the device is on another network: it reconnects without the usual wait.
   * It keeps a wait that the server asked for.
   */
  public void networkChanged() {
    runtime.networkChanged();
  }

  /** The state of the connection now. */
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
   * Calls a method that the application registered on the server.
   *
   * @param params an object
   * @return the result; fails with {@link dev.realtime4j.api.RealtimeException}: with the server's
   *     refusal, or {@code UNAVAILABLE} when there was no answer in time, the connection was lost
   *     before the answer (it may or may not have been carried out), or too many calls wait
   *     already. Cancelling withdraws the call; a server that already has it may still carry it
   *     out.
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

  /** Listens to all events that do not belong to the protocol, and to {@code room.…}. */
  public Registration onAnyEvent(Consumer<? super Event> listener) {
    return runtime.listeners().onAnyEvent(listener);
  }

  /**
   * Closes the client: pending calls fail with {@code UNAVAILABLE}; of the calls that wait for
   * listeners only the last state is delivered. Idempotent; may be called by any thread, also from
   * a listener; returns within two seconds, and leaves no thread. A listener that still runs then
   * is interrupted, unless it is the caller or runs on the application's own executor.
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
     * Where listeners run. It belongs to the application and is not shut down. When not called: a
     * daemon thread of the client.
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

    /** What happens to calls without a connection; {@code QUEUE} when not called. */
    public Builder offlinePolicy(OfflinePolicy policy) {
      this.offlinePolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How long the answer to a call, or a token, may take; 10 seconds when not called. A call also
     * gets the time that its bytes need at 2 kB a second, and the client waits longer while the
     * answer, or data before it, is arriving.
     */
    public Builder callTimeout(Duration timeout) {
      this.callTimeout = positive("callTimeout", Objects.requireNonNull(timeout, "timeout"));
      return this;
    }

    /**
     * How fast messages may go out; further messages wait. When not called 9 a second with bursts
     * of 16, just below what a server allows by default. Raise it only together with the server's
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
     * The clock that measures token expiry when the server does not send its own time; the system's
     * when not called.
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Builds the client; {@link RealtimeClient#connect()} connects it.
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
