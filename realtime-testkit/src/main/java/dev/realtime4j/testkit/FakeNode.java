package dev.realtime4j.testkit;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.client.internal.websocket.SocketFactory.End;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server behind the wire: handshakes, messages, heartbeats, expiry. Used by the wire only. */
final class FakeNode implements FakeConnection.Server {
  private static final Duration HEARTBEAT = Duration.ofSeconds(25);
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration TOKEN_GRACE = Duration.ofSeconds(30);

  private final Wire wire;
  private final VirtualTime time;
  private final FakeTokens tokens;
  private final Set<FakeConnection> connections = new LinkedHashSet<>();
  final List<String> called = new ArrayList<>();
  final Pushes pushes = new Pushes(connections);
  final FakeNotifications notifications;
  final FakePresences presences;
  final FakeMethods methods;
  private @Nullable End refusal;
  private boolean stalls;

  FakeNode(Wire wire, VirtualTime time, FakeTokens tokens) {
    this.wire = wire;
    this.time = time;
    this.tokens = tokens;
    this.notifications = new FakeNotifications(time, pushes);
    this.presences = new FakePresences(time, pushes);
    this.methods = new FakeMethods(time, connections, tokens, notifications, presences, pushes);
    time.after(HEARTBEAT, this::beat);
  }

  private void beat() {
    wire.run(
        () ->
            open()
                .forEach(
                    connection -> {
                      connection.add(Frame.Heartbeat.INSTANCE);
                      connection.flush();
                    }));
    time.after(HEARTBEAT, this::beat);
  }

  List<FakeConnection> open() {
    return connections.stream().filter(FakeConnection::isOpen).toList();
  }

  List<FakeConnection> all() {
    return List.copyOf(connections);
  }

  /** How each handshake ends from now on; null for well. */
  void refuse(@Nullable End how) {
    refusal = how;
  }

  void stall(boolean on) {
    stalls = on;
    all().forEach(on ? FakeConnection::stall : FakeConnection::flow);
  }

  @Override
  public void opened(FakeConnection connection) {
    connections.add(connection);
    if (stalls) {
      connection.stall();
    }
    connection.pass(() -> shakeHands(connection));
  }

  private void shakeHands(FakeConnection connection) {
    Optional<FakeTokens.Proof> proof = tokens.proof(connection.token());
    if (refusal != null) {
      connection.end(refusal);
    } else if (proof.isEmpty()) {
      connection.end(new End.Refused(401, null));
    } else {
      welcome(connection, proof.get());
    }
  }

  private void welcome(FakeConnection connection, FakeTokens.Proof proof) {
    UserId user = proof.user();
    connection.welcomed(user);
    connection.authenticated(connection.token(), proof.expiresAt());
    Map<String, Object> welcome = new LinkedHashMap<>();
    welcome.put("socket_id", connection.id);
    welcome.put("server_id", "fake");
    welcome.put("user_id", user);
    welcome.put("protocol", 1);
    welcome.put("heartbeat_interval_ms", HEARTBEAT.toMillis());
    welcome.put("heartbeat_timeout_ms", HEARTBEAT_TIMEOUT.toMillis());
    welcome.put("server_time", WireTime.format(time.now()));
    welcome.put("rooms", List.of("user:" + user));
    if (proof.expiresAt() != null) {
      welcome.put("token_expires_at", WireTime.format(proof.expiresAt()));
    }
    notifications.welcome(connection, since(connection), welcome);
    connection.flush();
    presences.came(user);
    watchExpiry(connection);
  }

  private static @Nullable String since(FakeConnection connection) {
    String query = connection.target.getRawQuery();
    int at = query == null ? -1 : query.indexOf("since=");
    return query == null || at < 0 ? null : query.substring(at + "since=".length());
  }

  private void watchExpiry(FakeConnection connection) {
    Instant at = connection.tokenExpiresAt();
    if (at != null && connection.isOpen()) {
      time.after(Duration.between(time.now(), at), () -> wire.run(() -> expired(connection, at)));
    }
  }

  private void expired(FakeConnection connection, Instant at) {
    if (at.equals(connection.tokenExpiresAt())) {
      expire(connection);
    } else {
      watchExpiry(connection); // it was refreshed
    }
  }

  /** Tells that the token is not good any more, and waits for another one. */
  void expire(FakeConnection connection) {
    if (!connection.isOpen()) {
      return;
    }
    String old = connection.token();
    connection.push("token_expired", "grace_ms", TOKEN_GRACE.toMillis());
    time.after(
        TOKEN_GRACE,
        () ->
            wire.run(
                () -> {
                  if (connection.token().equals(old)) {
                    connection.end(new End.Closed(4401, "the token expired"));
                  } else {
                    watchExpiry(connection);
                  }
                }));
  }

  @Override
  public void received(FakeConnection connection, String text) {
    for (String message : FrameCodec.split(text)) {
      if (FrameCodec.decode(message) instanceof Frame.Call call) {
        called.add(call.method());
        answer(connection, call);
      }
    }
  }

  private void answer(FakeConnection connection, Frame.Call call) {
    Frame answer;
    try {
      Json result = methods.call(connection, call);
      answer = call.id() == null ? null : new Frame.Result(call.id(), result);
    } catch (RealtimeException e) {
      answer =
          new Frame.Failure(call.id(), e.code(), String.valueOf(e.getMessage()), e.retryAfter());
    } catch (InvalidValueException e) {
      answer = new Frame.Failure(call.id(), e.code(), String.valueOf(e.getMessage()), null);
    } catch (RuntimeException e) {
      answer = new Frame.Failure(call.id(), ErrorCode.INTERNAL, "the handler failed: " + e, null);
    }
    if (answer != null && call.id() != null) {
      connection.add(answer);
      connection.flush();
    }
  }

  @Override
  public void gone(FakeConnection connection) {
    connections.remove(connection);
    if (connection.wasWelcomed()) {
      UserId user = connection.user();
      connection.rooms.forEach(
          room ->
              pushes.toRoom(
                  room, new Frame.Event("room.user_left", room, Json.object("user_id", user))));
      if (open().stream().noneMatch(other -> other.user().equals(user))) {
        presences.set(user, PresenceStatus.OFFLINE);
      }
    }
  }
}
