package dev.realtime4j.integration.wire;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.api.transport.TransportSession;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.FrameCodec;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A server's transport and its clients' network in one, without sockets: each message is shown. */
final class TappedWire implements Transport, SocketFactory {
  /** Who looks on. Called by one thread. */
  interface Tap {
    /** A message passes; the connection is the same object for all messages of one. */
    void passes(Object connection, String message);
  }

  private final Tap tap;
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "tapped-wire"));
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private @Nullable HandshakeHandler server;

  TappedWire(Tap tap) {
    this.tap = tap;
  }

  @Override
  public void start(TransportLimits limits, HandshakeHandler acceptor) {
    server = acceptor;
  }

  @Override
  public Socket open(URI endpoint, String token, Listener listener) {
    Handshake handshake =
        Handshake.of(
            endpoint.getRawPath() + "?" + Objects.toString(endpoint.getRawQuery(), ""),
            Map.of("authorization", "Bearer " + token),
            InetAddress.getLoopbackAddress());
    Connection connection = new Connection(listener);
    Objects.requireNonNull(server, "the server is not started")
        .decide(handshake)
        .thenAccept(decision -> execute(() -> connection.decided(decision)));
    return connection;
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void afterWrites(int lane, Runnable task) {
    execute(task);
  }

  @Override
  public int connectionCount() {
    return open.size();
  }

  @Override
  public void close() {
    open.forEach(connection -> execute(() -> connection.end(1006, "")));
    loop.shutdown();
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException closed) {
      return; // and what was on its way goes nowhere
    }
  }

  /** Both ends of one. */
  private final class Connection implements TransportConnection, Socket {
    private final Listener client;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable TransportSession session;

    Connection(Listener client) {
      this.client = client;
    }

    void decided(HandshakeHandler.Decision decision) {
      if (decision instanceof HandshakeHandler.Accepted accepted) {
        open.add(this);
        session = accepted.session().apply(this);
        pull();
      } else if (decision instanceof HandshakeHandler.Refused refused) {
        client.onEnd(new End.Refused(refused.status(), refused.retryAfter(), refused.message()));
        ended.complete(null);
      }
    }

    private void pull() {
      for (byte[] text = next(); text != null; text = next()) {
        String frame = new String(text, StandardCharsets.UTF_8);
        FrameCodec.split(frame).forEach(message -> tap.passes(this, message));
        client.onBytes(false);
        client.onText(frame);
      }
    }

    private byte @Nullable [] next() {
      return session == null ? null : session.takeOutgoing();
    }

    void end(int code, String reason) {
      TransportSession gone = session;
      session = null;
      if (gone != null && open.remove(this)) {
        gone.onClosed(code, reason);
        client.onEnd(new End.Closed(code, reason));
        ended.complete(null);
      }
    }

    @Override
    public int lane() {
      return 0;
    }

    @Override
    public void wantWrite() {
      execute(this::pull);
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(CloseCode code, String reason) {
      execute(
          () -> {
            pull();
            end(code.value(), reason);
          });
    }

    @Override
    public void abort(CloseCode code, String reason) {
      execute(() -> end(code.value(), reason));
    }

    @Override
    public void send(String text) {
      execute(
          () -> {
            FrameCodec.split(text).forEach(message -> tap.passes(this, message));
            if (session != null) {
              session.onText(text);
            }
          });
    }

    @Override
    public void close() {
      execute(() -> end(CloseCode.NORMAL.value(), ""));
    }

    @Override
    public void abort() {
      execute(() -> end(CloseCode.ABNORMAL.value(), ""));
    }

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }
  }
}
