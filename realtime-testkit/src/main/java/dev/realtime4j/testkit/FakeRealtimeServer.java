package dev.realtime4j.testkit;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.internal.ClientEnvironment;
import dev.realtime4j.client.internal.ClientEnvironments;
import dev.realtime4j.client.internal.websocket.SocketFactory.End;
import dev.realtime4j.protocol.EventNames;
import dev.realtime4j.protocol.Frame;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A server for the tests of an application that embeds {@link RealtimeClient}: in the same process,
 * without sockets, and on a clock that the test moves.
 *
 * <pre>{@code
 * try (FakeRealtimeServer server = FakeRealtimeServer.create();
 *     RealtimeClient client = server.client().build()) {
 *   Bell bell = new Bell(client);                 // the code under test
 *   client.connect().join();
 *   server.send(NewNotification.to(server.user()).title("Shipped").build());
 *   assertThat(bell.count()).isEqualTo(1);        // its listeners have run
 *   server.dropConnections();                                // the network fails
 *   server.advance(Duration.ofMinutes(1));        // the client is back, at once
 * }
 * }</pre>
 *
 * <p>It keeps notifications, rooms and presence in memory and answers all methods of the protocol.
 * Each method of this class returns when everything that it caused is done: answers have arrived
 * and listeners have run. It does not wait for a listener that waits for something itself. After
 * calls of a client the test may use {@link #awaitIdle()}, or join the future.
 *
 * <p>Thread safety: any thread, also a listener's; {@link #advance} by one at a time.
 *
 * <p>Lifecycle: close the clients, then the server.
 */
public final class FakeRealtimeServer implements AutoCloseable {
  private static final URI ENDPOINT = URI.create("ws://fake.invalid/ws");

  private final Activity activity = new Activity();
  private final VirtualTime time = new VirtualTime();
  private final Activity.Part part = activity.part();
  private final Wire wire = new Wire(part);
  private final FakeTokens tokens = new FakeTokens(time);
  private final FakeNode node = new FakeNode(wire, time, tokens);
  private final UserId user = new UserId(UUID.randomUUID());

  private FakeRealtimeServer() {}

  /** A server without users, at noon of some day. */
  public static FakeRealtimeServer create() {
    return new FakeRealtimeServer();
  }

  /** The user whom {@link #client()} belongs to. */
  public UserId user() {
    return user;
  }

  /** Begins a client of {@link #user()}; endpoint and token are set. */
  public RealtimeClient.Builder client() {
    return client(user);
  }

  /** Begins a client of any user; endpoint and token are set. */
  public RealtimeClient.Builder client(UserId whose) {
    Objects.requireNonNull(whose, "whose");
    return attach(RealtimeClient.builder()).endpoint(ENDPOINT).tokenProvider(() -> token(whose));
  }

  /**
   * Makes an application's own builder build clients of this server. Its endpoints may be any; its
   * tokens must come from {@link #token}. Its clock is the server's.
   */
  public RealtimeClient.Builder attach(RealtimeClient.Builder builder) {
    Objects.requireNonNull(builder, "builder");
    ClientEnvironments.choose(builder, this::environment);
    return builder;
  }

  private ClientEnvironment environment() {
    Activity.Part own = activity.part();
    return new ClientEnvironment(
        (endpoint, token, listener) -> new FakeConnection(endpoint, token, listener, wire, node),
        new VirtualLoop(time, own),
        own::watched,
        () -> 0.5);
  }

  /** A new token for this user. */
  public String token(UserId whose) {
    Objects.requireNonNull(whose, "whose");
    return tokens.issue(whose);
  }

  // ---- what happens at the server

  /** Stores a notification and pushes it to all the user's clients. */
  public Notification send(NewNotification notification) {
    Objects.requireNonNull(notification, "notification");
    return doing(
        () -> {
          Notification stored = node.notifications.create(notification);
          node.notifications.add(stored);
          return stored;
        });
  }

  /**
   * Sends a notification in a transaction that stays open: it has its id, and nobody sees it yet.
   *
   * @return commits it, once
   */
  public Runnable sendLate(NewNotification notification) {
    Objects.requireNonNull(notification, "notification");
    Notification stored = doing(() -> node.notifications.create(notification));
    AtomicBoolean committed = new AtomicBoolean();
    return () -> {
      if (committed.compareAndSet(false, true)) {
        act(() -> node.notifications.add(stored));
      }
    };
  }

  /** The user reads one on another device. */
  public void read(UserId whose, NotificationId id) {
    Objects.requireNonNull(whose, "whose");
    Objects.requireNonNull(id, "id");
    act(() -> node.notifications.read(whose, id));
  }

  /** The user reads all up to one on another device. */
  public void readAll(UserId whose, NotificationId upTo) {
    Objects.requireNonNull(whose, "whose");
    Objects.requireNonNull(upTo, "upTo");
    act(() -> node.notifications.readAll(whose, upTo));
  }

  /** The user deletes one on another device. */
  public void delete(UserId whose, NotificationId id) {
    Objects.requireNonNull(whose, "whose");
    Objects.requireNonNull(id, "id");
    act(() -> node.notifications.delete(whose, id));
  }

  /** What the server has of the user, newest first. */
  public List<Notification> notifications(UserId whose) {
    Objects.requireNonNull(whose, "whose");
    return doing(() -> node.notifications.of(whose).newestFirst());
  }

  /** How many of them are unread. */
  public UnreadCount unread(UserId whose) {
    Objects.requireNonNull(whose, "whose");
    return doing(() -> node.notifications.of(whose).unread());
  }

  /** Publishes to the members of the room. */
  public void publish(RoomName room, String event, Json data) {
    Objects.requireNonNull(room, "room");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(data, "data");
    EventNames.check(event);
    act(() -> node.pushes.toRoom(room.value(), new Frame.Event(event, room.value(), data)));
  }

  /** Publishes to all the user's clients. */
  public void publish(UserId whose, String event, Json data) {
    Objects.requireNonNull(whose, "whose");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(data, "data");
    EventNames.check(event);
    act(() -> node.pushes.toUser(whose, Frame.Event.of(event, data)));
  }

  /** Sets a user's status, whatever connections they have. */
  public void presence(UserId whose, PresenceStatus status) {
    Objects.requireNonNull(whose, "whose");
    Objects.requireNonNull(status, "status");
    act(() -> node.presences.set(whose, status));
  }

  /** The user's presence. */
  public Presence presence(UserId whose) {
    Objects.requireNonNull(whose, "whose");
    return doing(() -> node.presences.of(whose));
  }

  /**
   * Answers a method of the application, or answers one of the protocol differently.
   *
   * @param handler from the parameters to the result; the client gets a {@link
   *     dev.realtime4j.api.RealtimeException} that it throws as a refusal
   */
  public void handler(String method, UnaryOperator<Json> handler) {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(handler, "handler");
    act(() -> node.methods.handle(method, handler));
  }

  /** Sends every client its cursor and count, as a server does from time to time. */
  public void sync() {
    act(
        () ->
            node.open()
                .forEach(
                    connection ->
                        connection.push(
                            "notification.synced",
                            "cursor",
                            node.notifications.cursor(connection.user()),
                            "unread",
                            node.notifications.unread(connection.user()))));
  }

  /** Which methods were called, in order, by all clients. */
  public List<String> calls() {
    return doing(() -> List.copyOf(node.called));
  }

  /** How many clients are connected. */
  public int connections() {
    return doing(() -> node.open().size());
  }

  // ---- time

  /** The time on the server's clock. */
  public Instant now() {
    return time.now();
  }

  /** Lets time pass, with all that happens in it: waits, retries, heartbeats, expiry. */
  public void advance(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    time.advance(duration, activity::awaitQuiet);
  }

  /** Waits until everything that was started is done. */
  public void awaitIdle() {
    activity.awaitQuiet();
  }

  // ---- what goes wrong

  /** Every connection breaks without a close frame. */
  public void dropConnections() {
    close(1006, "");
  }

  /** The server closes every connection with a code. */
  public void close(int code, String reason) {
    Objects.requireNonNull(reason, "reason");
    act(() -> node.open().forEach(one -> one.end(new End.Closed(code, reason))));
  }

  /** The server restarts: it says when to come back, and closes with 1012. */
  public void restart(Duration reconnectAfter) {
    Objects.requireNonNull(reconnectAfter, "reconnectAfter");
    act(
        () ->
            node.open()
                .forEach(
                    one -> {
                      one.push("server.draining", "reconnect_after_ms", reconnectAfter.toMillis());
                      one.end(new End.Closed(1012, "restarting"));
                    }));
  }

  /** Nothing gets through, in either direction and without an error, until {@link #unstall}. */
  public void stall() {
    act(() -> node.stall(true));
  }

  /** What was held up gets through, in order, and everything after it. */
  public void unstall() {
    act(() -> node.stall(false));
  }

  /** From now on every push comes this many times; a real server may send one twice. */
  public void duplicatePushes(int times) {
    act(() -> node.pushes.duplicatePushes(times));
  }

  /**
   * Runs something whose pushes overtake each other on their way.
   *
   * @param order decides which push overtakes which
   */
  public void reorder(Random order, Runnable what) {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(what, "what");
    act(node.pushes::hold);
    try {
      what.run();
    } finally {
      act(() -> node.pushes.release(order));
    }
  }

  /** Every handshake is refused with an HTTP status, until {@link #accept}. */
  public void refuse(int status, @Nullable Duration retryAfter) {
    act(() -> node.refuse(new End.Refused(status, retryAfter)));
  }

  /** The server cannot be reached, until {@link #accept}. */
  public void unreachable() {
    act(() -> node.refuse(new End.Unreachable("no route to the fake server", null)));
  }

  /** Handshakes succeed again. */
  public void accept() {
    act(() -> node.refuse(null));
  }

  /** All tokens that were issued are refused from now on, and connected clients are told. */
  public void expire() {
    act(
        () -> {
          tokens.revokeAll();
          node.open().forEach(node::expire);
        });
  }

  /** How long tokens live that are issued from now on; forever when not called. */
  public void tokenLifetime(Duration lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    tokens.lifetime(lifetime);
  }

  /** No cursor is known any more, as after a restored database: clients have to read the list. */
  public void loseCursors() {
    act(node.notifications::loseCursors);
  }

  private void act(Runnable what) {
    doing(
        () -> {
          what.run();
          return true;
        });
  }

  private <T> T doing(Supplier<T> what) {
    T done = wire.ask(what);
    awaitIdle();
    return done;
  }

  /** Every connection breaks and nothing is answered any more. Idempotent. */
  @Override
  public void close() {
    wire.run(() -> node.open().forEach(one -> one.end(new End.Closed(1006, ""))));
    wire.cut();
    part.end();
  }
}
