package dev.realtime4j.client.internal.desired;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.RoomLost;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.protocol.PresenceJson;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rooms, status and watches back on a new connection, for as long as that lasts.
 *
 * <p>A store that is unavailable for the moment does not hold up the connection: what it refuses is
 * tried again behind its back. Used by the loop only.
 */
public final class Restoration {
  private static final Runnable NOTHING = () -> {};

  public static final Duration PAUSE = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(Restoration.class);

  private final Loop loop;
  private final Calls calls;
  private final DesiredState desired;
  private final Consumer<RoomLost> roomLost;
  private final Consumer<Presence> presence;
  private final Runnable restored;
  private int open;
  private boolean dropped;

  public Restoration(
      Loop loop,
      Calls calls,
      DesiredState desired,
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

  public void begin() {
    open = 1;
    PresenceStatus status = desired.status();
    if (status != null) {
      open++;
      set(status, this::answered);
    }
    for (RoomName room : desired.rooms()) {
      open++;
      join(room, this::answered);
    }
    List<UserId> users = desired.watched();
    for (int from = 0; from < users.size(); from += CallLimits.USERS_AT_ONCE) {
      open++;
      watch(
          users.subList(from, Math.min(from + CallLimits.USERS_AT_ONCE, users.size())),
          this::answered);
    }
    answered();
  }

  public void drop() {
    dropped = true;
  }

  private void set(PresenceStatus status, Runnable answered) {
    attempt(
        new Attempt("presence.set", Json.object("status", status)) {
          @Override
          void again() {
            if (desired.status() == status) {
              set(status, NOTHING);
            }
          }
        },
        answered);
  }

  private void join(RoomName room, Runnable answered) {
    attempt(
        new Attempt("room.join", Json.object("room", room)) {
          @Override
          void refused(RealtimeException refusal) {
            if (desired.wants(room)) {
              desired.leave(room);
              roomLost.accept(new RoomLost(room, refusal));
            }
          }

          @Override
          void again() {
            if (desired.wants(room)) {
              join(room, NOTHING);
            }
          }
        },
        answered);
  }

  private void watch(List<UserId> users, Runnable answered) {
    attempt(
        new Attempt("presence.watch", Json.object("user_ids", users)) {
          @Override
          void done(Json result) {
            presences(result).forEach(presence);
          }

          @Override
          void refused(RealtimeException refusal) {
            desired.unwatch(users);
          }

          @Override
          void again() {
            List<UserId> still =
                users.stream().filter(desired::watches).collect(Collectors.toList());
            if (!still.isEmpty()) {
              watch(still, NOTHING);
            }
          }
        },
        answered);
  }

  static List<Presence> presences(Json result) {
    return result.fields().getOrDefault("presences", Json.NULL).elements().stream()
        .map(PresenceJson::read)
        .collect(Collectors.toList());
  }

  /** One thing that is brought back. */
  private abstract static class Attempt {
    private final String method;
    private final Json params;

    Attempt(String method, Json params) {
      this.method = method;
      this.params = params;
    }

    void done(Json result) {}

    void refused(RealtimeException refusal) {}

    /** After a pause: what the application does not want any more is not tried again. */
    abstract void again();
  }

  private void attempt(Attempt attempt, Runnable answered) {
    Call<Json> call =
        new Call<>(
            Call.Owner.CONNECTION,
            attempt.method,
            attempt.params,
            result -> {
              attempt.done(result);
              return result;
            });
    call.future.whenComplete(
        (result, failure) -> {
          if (dropped) {
            return;
          }
          if (failure instanceof RealtimeException refusal && !isPassing(refusal)) {
            log.warn("{} was not restored after a reconnect: {}", attempt.method, refusal.code());
            attempt.refused(refusal);
          } else if (failure != null) {
            Duration pause =
                failure instanceof RealtimeException refusal && refusal.retryAfter() != null
                    ? refusal.retryAfter()
                    : PAUSE;
            loop.after(
                pause,
                () -> {
                  if (!dropped) {
                    attempt.again();
                  }
                });
          }
          answered.run();
        });
    calls.callFirst(call);
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
