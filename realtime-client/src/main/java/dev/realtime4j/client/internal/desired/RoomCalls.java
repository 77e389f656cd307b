package dev.realtime4j.client.internal.desired;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomMember;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.ClientRooms;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The methods {@code room.…}. */
public final class RoomCalls implements ClientRooms {
  private final Calls calls;
  private final DesiredState desired;

  public RoomCalls(Calls calls, DesiredState desired) {
    this.calls = calls;
    this.desired = desired;
  }

  @Override
  public CompletableFuture<Integer> join(RoomName room) {
    RoomName name = RoomName.of(room.value());
    Call<Integer> call =
        new Call<>(
            Call.Owner.APPLICATION,
            "room.join",
            Json.object("room", name),
            result -> (int) result.fields().getOrDefault("members", Json.NULL).asLong());
    call.onAccepted =
        () -> {
          DesiredSet<RoomName>.Claim claim = desired.join(name);
          call.onGranted = claim::granted;
          call.onFailed = failure -> claim.failed();
        };
    return calls.call(call);
  }

  @Override
  public CompletableFuture<Void> leave(RoomName room) {
    RoomName name = RoomName.of(room.value());
    Call<Void> call = PresenceCalls.unanswering("room.leave", Json.object("room", name));
    call.onAccepted = () -> desired.leave(name);
    return calls.call(call);
  }

  @Override
  public CompletableFuture<Page<RoomMember>> members(RoomName room, PageRequest page) {
    Json params = Json.object("room", room, "limit", page.limit(), "cursor", page.cursor());
    return calls.call(
        new Call<>(Call.Owner.APPLICATION, "room.members", params, RoomCalls::memberPage));
  }

  @Override
  public CompletableFuture<Void> publish(RoomName room, String event, Json data) {
    Json params = Json.object("room", room, "event", event, "data", data);
    return calls.call(PresenceCalls.unanswering("room.publish", params));
  }

  private static Page<RoomMember> memberPage(Json result) {
    Map<String, Json> fields = result.fields();
    Json next = fields.getOrDefault("next_cursor", Json.NULL);
    return new Page<>(
        fields.getOrDefault("members", Json.NULL).elements().stream()
            .map(RoomCalls::member)
            .collect(Collectors.toList()),
        next.isNull() ? null : next.asString());
  }

  private static RoomMember member(Json member) {
    Map<String, Json> fields = member.fields();
    return new RoomMember(
        UserId.of(fields.getOrDefault("user_id", Json.NULL).asString()),
        (int) fields.getOrDefault("sockets", Json.NULL).asLong());
  }
}
