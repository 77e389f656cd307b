package dev.realtime4j.client.internal;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.RoomLost;
import dev.realtime4j.protocol.PresenceJson;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rooms, status and watches back on a new connection, for as long as that lasts.
 *
 * <p>A store that is away for the moment does not hold up the connection: what it refuses is tried
 * again behind its back. Used by the loop only.
 */
final class Restoration {
  /** How many users go into one message. */
  static final int WATCH_CHUNK = 200;

  static final Duration PAUSE = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

  private final Loop loop;
  private final Calls calls;
  private final Desired desired;
  private final Consumer<RoomLost> roomLost;
  private final Consumer<Presence> presence;
  private final Runnable restored;
  private int open;
  private boolean dropped;

  Restoration(
      Loop loop,
      Calls calls,
      Desired desired,
      Consumer<RoomLost> roomLost,
      Consumer<Presence> presence,
      Runnable restored) {
    this.loop = loop;
    this.calls = calls;
    this.desired = desired;
    this.roomLost = roomLost;
    this.presence = presence;
    this.restored = restored;
  }

  void begin() {
    open = 1;
    PresenceStatus status = desired.status();
    if (status != null) {
      restore("presence.set", Json.object("status", status), Restoration::ignore, e -> {});
    }
    desired.rooms().forEach(this::join);
    List<UserId> users = desired.watched();
    for (int from = 0; from < users.size(); from += WATCH_CHUNK) {
      watch(users.subList(from, Math.min(from + WATCH_CHUNK, users.size())));
    }
    answered();
  }

  void drop() {
    dropped = true;
  }

  private void join(RoomName room) {
    restore(
        "room.join",
        Json.object("room", room),
        Restoration::ignore,
        refusal -> {
          desired.leave(room);
          roomLost.accept(new RoomLost(room, refusal));
        });
  }

  private void watch(List<UserId> users) {
    restore(
        "presence.watch",
        Json.object("user_ids", users),
        result -> {
          presences(result).forEach(presence);
          return result;
        },
        refusal -> desired.unwatch(users));
  }

  static List<Presence> presences(Json result) {
    return result.fields().getOrDefault("presences", Json.NULL).elements().stream()
        .map(PresenceJson::read)
        .collect(Collectors.toList());
  }

  private static Json ignore(Json result) {
    return result;
  }

  private void restore(
      String method,
      Json params,
      Function<Json, Json> reader,
      Consumer<RealtimeException> refused) {
    open++;
    attempt(method, params, reader, refused, this::answered);
  }

  private void attempt(
      String method,
      Json params,
      Function<Json, Json> reader,
      Consumer<RealtimeException> refused,
      Runnable answered) {
    Call<Json> call = new Call<>(Call.Owner.CONNECTION, method, params, reader);
    call.future.whenComplete(
        (result, failure) -> {
          if (dropped) {
            return;
          }
          if (failure instanceof RealtimeException refusal && !isPassing(refusal)) {
            LOG.warn("{} was not restored after a reconnect: {}", method, refusal.code());
            refused.accept(refusal);
          } else if (failure != null) {
            Duration pause =
                failure instanceof RealtimeException refusal && refusal.retryAfter() != null
                    ? refusal.retryAfter()
                    : PAUSE;
            loop.after(pause, () -> again(method, params, reader, refused));
          }
          answered.run();
        });
    calls.callFirst(call);
  }

  private void again(
      String method,
      Json params,
      Function<Json, Json> reader,
      Consumer<RealtimeException> refused) {
    if (!dropped) {
      attempt(method, params, reader, refused, () -> {});
    }
  }

  private void answered() {
    if (--open == 0) {
      restored.run();
    }
  }

  private static boolean isPassing(RealtimeException refusal) {
    return refusal.code() == ErrorCode.UNAVAILABLE
        || refusal.code() == ErrorCode.RATE_LIMITED
        || refusal.code() == ErrorCode.INTERNAL;
  }
}
