package dev.realtime4j.testkit;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.protocol.EventNames;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.PresenceJson;
import dev.realtime4j.protocol.WireTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The methods of the protocol, answered from memory. Used by the wire only. */
final class FakeMethods {
  /** A method: who calls, with what; the result. */
  @FunctionalInterface
  private interface Method {
    Json call(FakeConnection caller, Map<String, Json> params);
  }

  private final Map<String, Method> methods = new HashMap<>();
  private final VirtualTime time;
  private final Collection<FakeConnection> connections;
  private final FakeTokens tokens;
  private final FakeNotifications notifications;
  private final FakePresences presences;
  private final Pushes pushes;

  FakeMethods(
      VirtualTime time,
      Collection<FakeConnection> connections,
      FakeTokens tokens,
      FakeNotifications notifications,
      FakePresences presences,
      Pushes pushes) {
    this.time = time;
    this.connections = connections;
    this.tokens = tokens;
    this.notifications = notifications;
    this.presences = presences;
    this.pushes = pushes;
    methods.put("auth.refresh", this::refresh);
    methods.put("room.join", this::join);
    methods.put("room.leave", this::leave);
    methods.put("room.members", this::members);
    methods.put("room.publish", this::publish);
    methods.put("presence.set", this::setPresence);
    methods.put("presence.get", (caller, params) -> presences(params));
    methods.put("presence.watch", this::watch);
    methods.put("presence.unwatch", this::unwatch);
    methods.put("notification.list", (caller, params) -> box(caller).page(params));
    methods.put("notification.unread_count", (caller, params) -> unread(caller));
    methods.put("notification.read", this::read);
    methods.put("notification.read_all", this::readAll);
    methods.put("notification.delete", this::delete);
    methods.put("notification.ack", (caller, params) -> Json.EMPTY);
  }

  /** Adds a method of the host's, or replaces one. */
  void handle(String method, UnaryOperator<Json> handler) {
    methods.put(method, (caller, params) -> handler.apply(Json.of(params)));
  }

  Json call(FakeConnection caller, Frame.Call call) {
    Method method = methods.get(call.method());
    if (method == null) {
      throw new RealtimeException(
          ErrorCode.UNKNOWN_METHOD, "the fake server has no handler of " + call.method());
    }
    return method.call(caller, call.params().fields());
  }

  private Json refresh(FakeConnection caller, Map<String, Json> params) {
    String token = text(params, "token");
    FakeTokens.Proof proof = tokens.require(token, caller.user());
    caller.authenticated(token, proof.expiresAt());
    return Json.object(
        "token_expires_at",
        WireTime.formatOrNull(proof.expiresAt()),
        "server_time",
        WireTime.format(time.now()));
  }

  private Json join(FakeConnection caller, Map<String, Json> params) {
    String room = text(params, "room");
    if (caller.rooms.add(room)) {
      tellOthers(caller, room, "room.user_joined");
    }
    return Json.object("room", room, "members", sockets(room).size());
  }

  private Json leave(FakeConnection caller, Map<String, Json> params) {
    String room = text(params, "room");
    if (caller.rooms.remove(room)) {
      tellOthers(caller, room, "room.user_left");
    }
    return Json.object("room", room);
  }

  private void tellOthers(FakeConnection caller, String room, String event) {
    Json data = Json.object("user_id", caller.user());
    pushes.to(
        other -> other != caller && other.rooms.contains(room), new Frame.Event(event, room, data));
  }

  private Json members(FakeConnection caller, Map<String, Json> params) {
    List<Json> members =
        sockets(text(params, "room")).stream()
            .collect(Collectors.groupingBy(FakeConnection::user, Collectors.counting()))
            .entrySet()
            .stream()
            .map(user -> Json.object("user_id", user.getKey(), "sockets", user.getValue()))
            .toList();
    return Json.object("members", members, "next_cursor", null);
  }

  private Json publish(FakeConnection caller, Map<String, Json> params) {
    String room = text(params, "room");
    String name = text(params, "event");
    EventNames.checkOfClient(name);
    EventNames.check(name);
    Json data = params.getOrDefault("data", Json.NULL);
    Frame.Event event = new Frame.Event(name, room, data.isNull() ? Json.EMPTY : data);
    CallLimits.checkEventBytes(FrameCodec.encodeBytes(event).length, CallLimits.CLIENT_EVENT_BYTES);
    pushes.toRoom(room, event);
    return Json.EMPTY;
  }

  private List<FakeConnection> sockets(String room) {
    return connections.stream()
        .filter(connection -> connection.isOpen() && connection.rooms.contains(room))
        .toList();
  }

  private Json setPresence(FakeConnection caller, Map<String, Json> params) {
    return PresenceJson.of(
        presences.set(caller.user(), PresenceJson.status(text(params, "status"))));
  }

  private Json watch(FakeConnection caller, Map<String, Json> params) {
    caller.watched.addAll(users(params));
    return presences(params);
  }

  private Json unwatch(FakeConnection caller, Map<String, Json> params) {
    caller.watched.removeAll(users(params));
    return Json.EMPTY;
  }

  private Json presences(Map<String, Json> params) {
    return Json.object(
        "presences", users(params).stream().map(presences::of).map(PresenceJson::of).toList());
  }

  private static List<UserId> users(Map<String, Json> params) {
    List<Json> named = params.getOrDefault("user_ids", Json.NULL).elements();
    CallLimits.checkUsers(named.size());
    return named.stream().map(id -> UserId.of(id.asString())).toList();
  }

  private Json read(FakeConnection caller, Map<String, Json> params) {
    notifications.read(caller.user(), id(params, "id"));
    return Json.object("unread", unread(caller));
  }

  private Json readAll(FakeConnection caller, Map<String, Json> params) {
    int updated = notifications.readAll(caller.user(), id(params, "up_to"));
    return Json.object("updated", updated, "unread", unread(caller));
  }

  private Json delete(FakeConnection caller, Map<String, Json> params) {
    notifications.delete(caller.user(), id(params, "id"));
    return Json.object("unread", unread(caller));
  }

  private Json unread(FakeConnection caller) {
    return notifications.unread(caller.user());
  }

  private Mailbox box(FakeConnection caller) {
    return notifications.of(caller.user());
  }

  private static NotificationId id(Map<String, Json> params, String name) {
    return NotificationId.of(text(params, name));
  }

  private static String text(Map<String, Json> params, String name) {
    return params.getOrDefault(name, Json.NULL).asString();
  }
}
