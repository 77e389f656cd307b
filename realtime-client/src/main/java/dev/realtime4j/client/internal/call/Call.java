package dev.realtime4j.client.internal.call;

import dev.realtime4j.api.Json;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.protocol.CallLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method, from its making to its answer. Used by the loop only, but for the future.
 *
 * @param <T> what the answer is read as
 */
public final class Call<T> {
  /** Whose call it is. */
  public enum Owner {
    /** The application's: it waits for a connection, and survives one. */
    APPLICATION,
    /** The connection's own: it ends with the connection. */
    CONNECTION,
    /** The connection's own, and nobody waits for an answer. */
    ONE_WAY
  }

  /** What may be sent again when nobody knows whether the first one was handled. */
  private static final Set<String> REPEATABLE =
      Set.of(
          "room.join",
          "room.leave",
          "room.members",
          "presence.set",
          "presence.get",
          "presence.watch",
          "presence.unwatch",
          "notification.list",
          "notification.unread_count",
          "notification.read",
          "notification.read_all",
          "notification.delete");

  /** What changes the desired state: repeated before the state is restored, never after it. */
  private static final Set<String> STATEFUL =
      Set.of("room.join", "room.leave", "presence.set", "presence.watch", "presence.unwatch");

  /** What costs by the users that it names. */
  private static final Set<String> COSTING =
      Set.of("presence.get", "presence.watch", "presence.unwatch");

  final Owner owner;
  final String method;
  final Json params;
  final Function<Json, T> reader;

  /** How many messages the server counts for it. */
  final int cost;

  public final CompletableFuture<T> future = new CompletableFuture<>();

  /** Runs on the loop before the call is sent, unless it is refused at once. */
  public Runnable onAccepted = () -> {};

  /** Runs on the loop when the call was answered. */
  public Runnable onGranted = () -> {};

  /** Runs on the loop when the call failed, for whatever reason. */
  public Consumer<Throwable> onFailed = failure -> {};

  Duration acceptedAt = Duration.ZERO;
  Loop.Timer timer = Loop.Timer.NONE;
  @Nullable Long id;
  boolean done;

  public Call(Owner owner, String method, Json params, Function<Json, T> reader) {
    this.owner = owner;
    this.method = method;
    this.params = params;
    this.reader = reader;
    this.cost = COSTING.contains(method) ? CallLimits.costOf(users(params)) : 1;
  }

  private static int users(Json params) {
    Json named = params.fields().getOrDefault("user_ids", Json.NULL);
    return named.isArray() ? named.elements().size() : 0;
  }

  int size() {
    return method.length() + params.text().length() + 48;
  }

  /** Whether it is larger than a message may be; counts only when it could be. */
  boolean bytesAbove(int most) {
    return size() > most
        || size() > most / 3
            && params.text().getBytes(StandardCharsets.UTF_8).length + size()
                > most + params.text().length();
  }

  boolean isRepeatable() {
    return owner == Owner.APPLICATION && REPEATABLE.contains(method);
  }

  boolean isStateful() {
    return STATEFUL.contains(method);
  }
}
