package dev.realtime4j.server;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that is not ours: the JDK's WebSocket, and JSON by hand. */
final class WireClient implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LinkedBlockingQueue<Json> messages = new LinkedBlockingQueue<>();
  private final List<Json> heard = new ArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicLong ids = new AtomicLong();
  private final WebSocket socket;

  private WireClient(int port, String query, List<String> protocols) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (!protocols.isEmpty()) {
      builder.subprotocols(
          protocols.get(0), protocols.subList(1, protocols.size()).toArray(String[]::new));
    }
    socket =
        builder
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws" + query), new Listener())
            .join();
  }

  /** Opens a socket; the token is the user's id, as {@link TestUsers} proves it. */
  static WireClient open(RealtimeServer server, UserId user) {
    return open(server, user, "");
  }

  static WireClient open(RealtimeServer server, UserId user, String moreQuery) {
    return new WireClient(server.port(), "?token=" + user + moreQuery, List.of());
  }

  static WireClient openAt(int port, UserId user) {
    return new WireClient(port, "?token=" + user, List.of());
  }

  static WireClient openWithToken(RealtimeServer server, String token) {
    return new WireClient(server.port(), "?token=" + token, List.of());
  }

  static WireClient openWithProtocols(RealtimeServer server, String... protocols) {
    return new WireClient(server.port(), "", List.of(protocols));
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  /** The first message that fits, leaving out those before it. */
  Json await(Predicate<Json> fits) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        Json message = messages.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (message == null) {
          throw new AssertionError("it did not come; heard instead: " + heard);
        }
        heard.add(message);
        if (fits.test(message)) {
          return message;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The data of the next event of this name. */
  Json event(String name) {
    return await(message -> name.equals(text(message, "event")))
        .fields()
        .getOrDefault("data", Json.NULL);
  }

  /** Every message that comes before the answer to an {@code echo} that is sent now. */
  List<Json> drain() {
    int from = heard.size();
    call("echo", Json.EMPTY);
    return List.copyOf(heard.subList(from, heard.size() - 1));
  }

  /** Calls a method and waits for its result. */
  Json call(String method, Json params) {
    Json answer = answer(method, params);
    Json result = answer.fields().get("result");
    if (result == null) {
      throw new AssertionError(method + " failed: " + answer);
    }
    return result;
  }

  /** Calls a method that fails, and gives the error's code. */
  String error(String method, Json params) {
    Json answer = answer(method, params);
    Json error = answer.fields().get("error");
    if (error == null) {
      throw new AssertionError(method + " did not fail: " + answer);
    }
    return text(error, "code");
  }

  private Json answer(String method, Json params) {
    long id = ids.incrementAndGet();
    send(Json.object("id", id, "method", method, "params", params).text());
    return await(
        message ->
            message.fields().containsKey("id") && text(message, "id").equals(String.valueOf(id)));
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  WebSocket socket() {
    return socket;
  }

  /** The close code, once closed. */
  int closeCode() {
    return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Closes and waits for the server's answer. */
  @Override
  public void close() {
    if (!closed.isDone()) {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, ""); // fails when the server is faster
      closeCode();
    }
    socket.abort();
  }

  /** Drops the connection without a word. */
  void drop() {
    socket.abort();
  }

  static String text(Json message, String field) {
    Json value = message.fields().get(field);
    return value == null ? "" : value.isString() ? value.asString() : value.text();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        for (String line : text.toString().split("\n")) {
          if (line.equals("{}")) {
            webSocket.sendText("{}", true);
          } else {
            messages.add(Json.parse(line));
          }
        }
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed.complete(1006);
    }
  }
}
