package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client without a network: what it is sent arrives at once, on the sending thread. One thread at
 * a time may call it; several may send to it.
 */
public final class SimulatedSocket implements TransportConnection {
  private final List<Json> heard = new ArrayList<>();
  private final List<byte[]> texts = new ArrayList<>();
  private volatile @Nullable TransportSession session;
  private Consumer<Json> listener = message -> {};
  private long lastCall;

  synchronized void opened(TransportSession opened) {
    session = opened;
    wantWrite();
  }

  /** Everything that arrived and was not taken yet. */
  public synchronized List<Json> take() {
    List<Json> taken = List.copyOf(heard);
    heard.clear();
    return taken;
  }

  /** The same as they came, in whole frames: the very arrays. */
  public synchronized List<byte[]> takeTexts() {
    List<byte[]> taken = List.copyOf(texts);
    texts.clear();
    return taken;
  }

  /** From now on messages go there. */
  public synchronized void forward(Consumer<Json> to) {
    listener = to;
  }

  /** Calls a method, and answers its result. */
  public Json call(String method, Json params) {
    long id = ++lastCall;
    session().onText(Json.object("id", id, "method", method, "params", params).text());
    return take().stream()
        .map(Json::fields)
        .filter(fields -> fields.containsKey("id") && fields.get("id").asLong() == id)
        .map(
            fields -> {
              Json result = fields.get("result");
              if (result == null) {
                throw new AssertionError(method + " failed: " + fields.get("error"));
              }
              return result;
            })
        .findFirst()
        .orElseThrow(() -> new AssertionError(method + " was not answered"));
  }

  public void close(int code) {
    session().onClosed(code, "");
    session = null;
  }

  private TransportSession session() {
    TransportSession open = session;
    if (open == null) {
      throw new IllegalStateException("the socket is closed");
    }
    return open;
  }

  @Override
  public int lane() {
    return 0;
  }

  @Override
  public synchronized void wantWrite() {
    TransportSession open = session;
    if (open == null) {
      return;
    }
    for (byte[] text = open.takeOutgoing(); text != null; text = open.takeOutgoing()) {
      texts.add(text);
      for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
        Json message = Json.parse(line);
        heard.add(message);
        listener.accept(message);
      }
    }
  }

  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  @Override
  public void close(CloseCode code, String reason) {
    throw new AssertionError("the server closed a socket: " + code + " " + reason);
  }

  @Override
  public void abort(CloseCode code, String reason) {
    close(code, reason);
  }
}
