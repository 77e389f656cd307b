package dev.realtime4j.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** A server on a real port that welcomes everybody and echoes. */
final class ScriptedServer extends WebSocketServer implements AutoCloseable {
  static final String USER = "0190a000-0000-7000-8000-000000000001";

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  final List<Frame.Call> calls = new CopyOnWriteArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);

  ScriptedServer() throws InterruptedException {
    super(new InetSocketAddress("127.0.0.1", 0), 1);
    setDaemon(true);
    setConnectionLostTimeout(0);
    start();
    started.await();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + getPort() + "/ws");
  }

  void notification(int number) {
    Json data =
        Json.object(
            "id",
            String.format("0190b000-0000-7000-8000-%012d", number),
            "type",
            "INFO",
            "title",
            "n" + number,
            "created_at",
            "2026-03-01T12:00:00.000Z");
    broadcast(FrameCodec.encode(Frame.Event.of("notification.new", data)));
  }

  void event(String name) {
    broadcast(FrameCodec.encode(Frame.Event.of(name, Json.EMPTY)));
  }

  /** Cuts every connection without a word. */
  void cut() {
    getConnections().forEach(connection -> connection.closeConnection(1006, "cut"));
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public void onOpen(WebSocket connection, ClientHandshake handshake) {
    tokens.add(handshake.getFieldValue("Authorization"));
    requests.add(handshake.getResourceDescriptor());
    Json welcome =
        Json.of(
            Map.of(
                "user_id",
                USER,
                "heartbeat_interval_ms",
                25_000,
                "heartbeat_timeout_ms",
                10_000,
                "cursor",
                "c" + requests.size()));
    connection.send(FrameCodec.encode(Frame.Event.of("connected", welcome)));
  }

  @Override
  public void onMessage(WebSocket connection, String text) {
    for (String message : FrameCodec.split(text)) {
      if (FrameCodec.decode(message) instanceof Frame.Call call) {
        calls.add(call);
        if (call.method().equals("echo")) {
          long id = Objects.requireNonNull(call.id());
          connection.send(FrameCodec.encode(new Frame.Result(id, call.params())));
        }
      }
    }
  }

  @Override
  public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

  @Override
  public void onError(WebSocket connection, Exception e) {}

  @Override
  public void close() {
    try {
      stop(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
