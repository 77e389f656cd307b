package dev.realtime4j.examples.demo;

import dev.realtime4j.api.Json;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A device of the check: the JDK's WebSocket and nothing of ours on top but the codec, so that what
 * it counts is what came over the wire. It keeps its cursor as PROTOCOL.md tells, and drops
 * repeats.
 *
 * <p>Thread safety: any thread.
 */
final class CheckDevice implements WebSocket.Listener {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http;
  private final Person person;
  private final DemoTokens tokens;
  private final AtomicLong lastCall = new AtomicLong();
  private final Map<Long, CompletableFuture<Json>> calls = new ConcurrentHashMap<>();
  private final StringBuilder text = new StringBuilder();

  // Guarded by this.
  private final Map<String, Long> arrivals = new LinkedHashMap<>();
  private final List<String> shown = new ArrayList<>();
  private final Map<String, List<String>> presences = new HashMap<>();
  private final List<String> chat = new ArrayList<>();
  private long repeats;
  private long unread;
  private long missed;
  private @Nullable String cursor;
  private @Nullable String cursorAfterMissed;
  private @Nullable String node;
  private CompletableFuture<Void> connected = new CompletableFuture<>();
  private @Nullable WebSocket socket;

  CheckDevice(HttpClient http, Person person, DemoTokens tokens) {
    this.http = http;
    this.person = person;
    this.tokens = tokens;
  }

  /** Connects to a node, with the cursor of last time, and waits for the welcome. */
  void connect(DemoNode to) throws Exception {
    StringBuilder address = new StringBuilder("ws://localhost:" + to.port() + "/ws");
    CompletableFuture<Void> welcome = new CompletableFuture<>();
    synchronized (this) {
      connected = welcome;
      if (cursor != null) {
        address.append("?since=").append(cursor);
      }
    }
    WebSocket opened =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + tokens.of(person.id()))
            .buildAsync(URI.create(address.toString()), this)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    synchronized (this) {
      socket = opened;
    }
    welcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Leaves with a clean close. */
  void disconnect() throws Exception {
    WebSocket leaving = socket();
    leaving.sendClose(1000, "").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Goes without a word. */
  synchronized void abort() {
    if (socket != null) {
      socket.abort();
    }
  }

  /** Calls a method and waits for its result. */
  Json call(String method, Json params) throws Exception {
    long id = lastCall.incrementAndGet();
    CompletableFuture<Json> answer = new CompletableFuture<>();
    calls.put(id, answer);
    send(new Frame.Call(id, method, params));
    return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private synchronized void send(Frame frame) {
    // The JDK takes one message at a time.
    socket().sendText(FrameCodec.encode(frame), true).orTimeout(5, TimeUnit.SECONDS).join();
  }

  private synchronized WebSocket socket() {
    if (socket == null) {
      throw new IllegalStateException(person.name() + " is not connected");
    }
    return socket;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      FrameCodec.split(text.toString()).forEach(line -> receive(from, FrameCodec.decode(line)));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    synchronized (this) {
      node = null;
    }
    return null;
  }

  private void receive(WebSocket from, Frame frame) {
    if (frame instanceof Frame.Heartbeat) {
      from.sendText(FrameCodec.HEARTBEAT, true);
    } else if (frame instanceof Frame.Result result) {
      complete(result.id()).complete(result.result());
    } else if (frame instanceof Frame.Failure failure && failure.id() != null) {
      complete(failure.id())
          .completeExceptionally(new IllegalStateException(failure.code().wire()));
    } else if (frame instanceof Frame.Event event) {
      event(event.event(), event.data().isObject() ? event.fields() : Map.of());
    }
  }

  private CompletableFuture<Json> complete(Long id) {
    CompletableFuture<Json> call = calls.remove(id);
    return call == null ? new CompletableFuture<>() : call;
  }

  private synchronized void event(String event, Map<String, Json> data) {
    if (data.containsKey("unread")) {
      unread = data.get("unread").fields().getOrDefault("count", Json.NULL).asLong();
    }
    switch (event) {
      case "connected" -> welcome(data);
      case "notification.new" -> notification(text(data, "id"), data);
      case "notification.synced", "notification.resync" -> cursor = text(data, "cursor");
      case "presence.changed" ->
          presences
              .computeIfAbsent(text(data, "user_id"), user -> new ArrayList<>())
              .add(text(data, "status"));
      case "chat.message" -> chat.add(text(data, "text"));
      default -> {}
    }
  }

  private void welcome(Map<String, Json> data) {
    node = text(data, "server_id");
    Json count = data.getOrDefault("missed", Json.NULL);
    missed = count.isNull() ? 0 : count.asLong();
    cursorAfterMissed = text(data, "cursor");
    caughtUp();
    connected.complete(null);
  }

  private void notification(String id, Map<String, Json> data) {
    Map<String, Json> own = data.getOrDefault("data", Json.EMPTY).fields();
    long sentAt = own.getOrDefault("sent_at", Json.NULL).asLong();
    if (arrivals.putIfAbsent(id, System.currentTimeMillis() - sentAt) != null) {
      repeats++;
    } else {
      shown.add(id);
      unread += missed == 0 ? 1 : 0; // a push carries no count; the welcome's holds the missed ones
    }
    if (missed > 0) {
      missed--;
      caughtUp();
    }
  }

  private void caughtUp() {
    if (missed == 0 && cursorAfterMissed != null) {
      cursor = cursorAfterMissed;
      cursorAfterMissed = null;
    }
  }

  private static String text(Map<String, Json> data, String field) {
    return data.getOrDefault(field, Json.NULL).asString();
  }

  /** The ids it has received, in the order of their coming. */
  synchronized List<String> received() {
    return List.copyOf(arrivals.keySet());
  }

  /** Milliseconds from send to here. */
  synchronized long took(String id) {
    return arrivals.getOrDefault(id, -1L);
  }

  /** How many notifications were shown that had been shown before. */
  synchronized long duplicates() {
    return shown.size() - shown.stream().distinct().count();
  }

  /** Ids that came again and were dropped: allowed on the wire, never shown. */
  synchronized long repeats() {
    return repeats;
  }

  /** What the badge shows. */
  synchronized long unread() {
    return unread;
  }

  /** Every change of a user's presence that it was told. */
  synchronized List<String> changesOf(Person user) {
    return List.copyOf(presences.getOrDefault(user.id().toString(), List.of()));
  }

  /** What was said in the room. */
  synchronized List<String> chat() {
    return List.copyOf(chat);
  }

  /** The node it is connected to; null when it is not. */
  synchronized @Nullable String node() {
    return node;
  }
}
