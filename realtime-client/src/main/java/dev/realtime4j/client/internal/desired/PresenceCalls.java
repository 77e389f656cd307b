package dev.realtime4j.client.internal.desired;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.client.ClientPresence;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.protocol.PresenceJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The methods {@code presence.…}. */
public final class PresenceCalls implements ClientPresence {
  private final Calls calls;
  private final DesiredState desired;

  public PresenceCalls(Calls calls, DesiredState desired) {
    this.calls = calls;
    this.desired = desired;
  }

  @Override
  public CompletableFuture<Presence> set(PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw new InvalidValueException("status must be ONLINE or BUSY; to be offline, close");
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
  public CompletableFuture<Map<UserId, Presence>> get(Collection<UserId> users) {
    return inParts(users, this::getAtOnce, PresenceCalls::together);
  }

  @Override
  public CompletableFuture<Presence> get(UserId user) {
    return calls.call(
        new Call<>(
            Call.Owner.APPLICATION,
            "presence.get",
            userIds(List.of(user)),
            result -> Restoration.presences(result).get(0)));
  }

  private CompletableFuture<Map<UserId, Presence>> getAtOnce(List<UserId> ids) {
    return calls.call(
        new Call<>(Call.Owner.APPLICATION, "presence.get", userIds(ids), PresenceCalls::presences));
  }

  @Override
  public CompletableFuture<Map<UserId, Presence>> watch(Collection<UserId> users) {
    return inParts(users, this::watchAtOnce, PresenceCalls::together);
  }

  private CompletableFuture<Map<UserId, Presence>> watchAtOnce(List<UserId> ids) {
    Call<Map<UserId, Presence>> call =
        new Call<>(
            Call.Owner.APPLICATION,
            "presence.watch",
            userIds(ids),
            result -> {
              Map<UserId, Presence> presences = presences(result);
              presences.values().forEach(desired::heard);
              return presences;
            });
    call.onAccepted =
        () -> {
          DesiredSet<UserId>.Claim claim = desired.watch(ids);
          call.onGranted = claim::granted;
          call.onFailed = failure -> claim.failed();
        };
    return calls.call(call);
  }

  @Override
  public CompletableFuture<Void> unwatch(Collection<UserId> users) {
    return inParts(users, this::unwatchAtOnce, answers -> answers.get(0));
  }

  private CompletableFuture<Void> unwatchAtOnce(List<UserId> ids) {
    Call<Void> call = unanswering("presence.unwatch", userIds(ids));
    call.onAccepted = () -> desired.unwatch(ids);
    return calls.call(call);
  }

  private static Json userIds(List<UserId> users) {
    return Json.object("user_ids", users);
  }

  /** As many calls as a server wants for so many users. */
  private static List<List<UserId>> parts(Collection<UserId> users) {
    List<UserId> ids = List.copyOf(users);
    if (ids.isEmpty()) {
      throw new InvalidValueException("1 user or more, not 0");
    }
    List<List<UserId>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += CallLimits.USERS_AT_ONCE) {
      parts.add(ids.subList(from, Math.min(from + CallLimits.USERS_AT_ONCE, ids.size())));
    }
    return parts;
  }

  private static <R> CompletableFuture<R> inParts(
      Collection<UserId> users,
      Function<List<UserId>, CompletableFuture<R>> call,
      Function<List<R>, R> join) {
    List<CompletableFuture<R>> parts = new ArrayList<>();
    parts(users).forEach(part -> parts.add(call.apply(part)));
    return parts.size() == 1 ? parts.get(0) : joined(parts, join);
  }

  /** All answers in their order; fails as one of the parts does, when all are answered. */
  private static <R, T> CompletableFuture<T> joined(
      List<CompletableFuture<R>> parts, Function<List<R>, T> join) {
    CompletableFuture<T> joined = new CompletableFuture<>();
    CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                List<R> answers = new ArrayList<>();
                parts.forEach(part -> answers.add(part.join()));
                joined.complete(join.apply(answers));
              } else {
                Throwable cause = failure.getCause();
                joined.completeExceptionally(
                    failure instanceof CompletionException && cause != null ? cause : failure);
              }
            });
    return joined;
  }

  private static Map<UserId, Presence> presences(Json result) {
    Map<UserId, Presence> presences = new LinkedHashMap<>();
    Restoration.presences(result).forEach(one -> presences.put(one.userId(), one));
    return presences;
  }

  private static Map<UserId, Presence> together(List<Map<UserId, Presence>> answers) {
    Map<UserId, Presence> all = new LinkedHashMap<>();
    answers.forEach(all::putAll);
    return all;
  }

  /** A call whose answer says only that it was done. */
  @SuppressWarnings("NullAway") // Void has no other value
  static Call<Void> unanswering(String method, Json params) {
    return new Call<>(Call.Owner.APPLICATION, method, params, result -> null);
  }
}
