package dev.realtime4j.testkit;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One socket, both ends of it: the client's, which may be used by any thread, and the server's,
 * which is used by the wire only.
 */
final class FakeConnection implements SocketFactory.Socket {
  /** Who handles what a client does; on the wire. */
  interface Server {
    void opened(FakeConnection connection);

    void received(FakeConnection connection, String text);

    void gone(FakeConnection connection);
  }

  final URI target;
  final String id = UUID.randomUUID().toString();
  final Set<String> rooms = new HashSet<>();
  final Set<UserId> watched = new HashSet<>();
  private final Wire wire;
  private final Server server;
  private final SocketFactory.Listener client;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Deque<Runnable> stalled = new ArrayDeque<>();
  private final StringBuilder frame = new StringBuilder();
  private String token;
  private @Nullable UserId user;
  private @Nullable Instant tokenExpiresAt;
  private boolean stalls;
  private boolean over;

  FakeConnection(
      URI target, String token, SocketFactory.Listener client, Wire wire, Server server) {
    this.target = target;
    this.token = token;
    this.client = client;
    this.wire = wire;
    this.server = server;
    wire.run(() -> server.opened(this));
  }

  @Override
  public void send(String text) {
    wire.run(() -> pass(() -> server.received(this, text)));
  }

  @Override
  public void close() {
    wire.run(() -> end(new SocketFactory.End.Closed(1000, "")));
    ended.complete(null);
  }

  @Override
  public void abort() {
    wire.run(this::leave);
    ended.complete(null);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** What the server calls the user, once it knows them. */
  UserId user() {
    if (user == null) {
      throw new IllegalStateException("the connection was not welcomed yet");
    }
    return user;
  }

  boolean wasWelcomed() {
    return user != null;
  }

  boolean isOpen() {
    return user != null && !over;
  }

  String token() {
    return token;
  }

  @Nullable Instant tokenExpiresAt() {
    return tokenExpiresAt;
  }

  void welcomed(UserId welcomed) {
    user = welcomed;
  }

  void authenticated(String with, @Nullable Instant until) {
    token = with;
    tokenExpiresAt = until;
  }

  /** Adds to the frame that is being made. */
  void add(Frame message) {
    frame.append(frame.length() == 0 ? "" : "\n").append(FrameCodec.encode(message));
  }

  void push(String event, @Nullable Object... data) {
    add(Frame.Event.of(event, Json.object(data)));
    flush();
  }

  /** Sends what was added as one frame. */
  void flush() {
    if (frame.length() > 0) {
      String text = frame.toString();
      frame.setLength(0);
      pass(
          () -> {
            client.onBytes(false);
            client.onText(text);
          });
    }
  }

  /** Ends it from the server's side. */
  void end(SocketFactory.End how) {
    pass(
        () -> {
          client.onEnd(how);
          ended.complete(null);
          leave();
        });
  }

  private void leave() {
    if (!over) {
      over = true;
      stalled.clear();
      server.gone(this);
    }
  }

  /** From now on nothing passes, in neither direction. */
  void stall() {
    stalls = true;
  }

  boolean isStalled() {
    return stalls;
  }

  /** What was held up passes, in order. */
  void flow() {
    stalls = false;
    while (!stalls && !stalled.isEmpty()) {
      stalled.removeFirst().run();
    }
  }

  /** Lets something pass, or holds it up. */
  void pass(Runnable what) {
    if (stalls && !over) {
      stalled.add(what);
    } else if (!over) {
      what.run();
    }
  }
}
