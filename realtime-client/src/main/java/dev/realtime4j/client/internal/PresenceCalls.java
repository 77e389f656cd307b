package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.client.ClientPresence;
import dev.realtime4j.protocol.PresenceJson;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The methods {@code presence.…}. */
final class PresenceCalls implements ClientPresence {
  private static final int MOST_AT_ONCE = 200;

  private final Calls calls;
  private final Desired desired;

  PresenceCalls(Calls calls, Desired desired) {
    this.calls = calls;
    this.desired = desired;
  }

  @Override
  public CompletableFuture<Presence> set(PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw RealtimeException.badRequest("status must be ONLINE or BUSY; to be offline, close");
    }
    Call<Presence> call =
        new Call<>(
            Call.Owner.APPLICATION,
            "presence.set",
            Json.object("status", status),
            PresenceJson::read);
    call.onAccepted =
        () -> {
          long number = desired.status(status);
          call.onGranted = () -> desired.statusGranted(status);
          call.onFailed = failure -> desired.statusFailed(number);
        };
    return calls.call(call);
  }

  @Override
  public CompletableFuture<List<Presence>> get(Collection<UserId> users) {
    return calls.call(
        new Call<>(Call.Owner.APPLICATION, "presence.get", userIds(users), Restoration::presences));
  }

  @Override
  public CompletableFuture<List<Presence>> watch(Collection<UserId> users) {
    List<UserId> ids = List.copyOf(users);
    Call<List<Presence>> call =
        new Call<>(
            Call.Owner.APPLICATION,
            "presence.watch",
            userIds(ids),
            result -> {
              List<Presence> presences = Restoration.presences(result);
              presences.forEach(desired::heard);
              return presences;
            });
    call.onAccepted =
        () -> {
          Wishes<UserId>.Claim claim = desired.watch(ids);
          call.onGranted = claim::granted;
          call.onFailed = failure -> claim.failed();
        };
    return calls.call(call);
  }

  @Override
  public CompletableFuture<Void> unwatch(Collection<UserId> users) {
    List<UserId> ids = List.copyOf(users);
    Call<Void> call = unanswering("presence.unwatch", userIds(ids));
    call.onAccepted = () -> desired.unwatch(ids);
    return calls.call(call);
  }

  private static Json userIds(Collection<UserId> users) {
    if (users.isEmpty() || users.size() > MOST_AT_ONCE) {
      throw RealtimeException.badRequest(
          "1 to " + MOST_AT_ONCE + " users at once, not " + users.size());
    }
    return Json.object("user_ids", users);
  }

  /** A call whose answer says only that it was done. */
  @SuppressWarnings("NullAway") // Void has no other value
  static Call<Void> unanswering(String method, Json params) {
    return new Call<>(Call.Owner.APPLICATION, method, params, result -> null);
  }
}
