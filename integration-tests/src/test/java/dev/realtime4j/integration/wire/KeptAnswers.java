package dev.realtime4j.integration.wire;

import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server that says what is kept, and nothing else. */
final class KeptAnswers implements SocketFactory, AutoCloseable {
  private final Map<String, String> kept = GoldenFiles.all();
  private final Set<String> called = ConcurrentHashMap.newKeySet();
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private volatile @Nullable Listener client;

  @Override
  public Socket open(URI endpoint, String token, Listener listener) {
    client = listener;
    say("events/connected");
    return new End();
  }

  /** Sends a message that is kept. */
  void say(String kind) {
    text(message(kind));
  }

  /** Which methods were called. */
  Set<String> called() {
    return called;
  }

  private String message(String kind) {
    String message = kept.get(kind);
    if (message == null) {
      throw new IllegalStateException("no message " + kind + " is kept");
    }
    return message;
  }

  private void text(String message) {
    loop.execute(
        () -> {
          Listener listener = client;
          if (listener != null) {
            listener.onBytes(false);
            listener.onText(message);
          }
        });
  }

  private void answer(Frame frame) {
    if (frame instanceof Frame.Call call) {
      called.add(call.method());
      Long id = call.id();
      if (id != null) {
        String kind =
            kept.containsKey("results/" + call.method()) ? "results/" + call.method() : "failure";
        text(message(kind).replaceFirst("\"id\":7", "\"id\":" + id));
      }
    }
  }

  @Override
  public void close() {
    loop.shutdown();
  }

  /** The client's. */
  private final class End implements Socket {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public void send(String text) {
      FrameCodec.split(text).forEach(message -> answer(FrameCodec.decode(message)));
    }

    @Override
    public void close() {
      ended.complete(null);
    }

    @Override
    public void abort() {
      ended.complete(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }
  }
}
