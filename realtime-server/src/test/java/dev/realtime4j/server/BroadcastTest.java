package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of the host, and how many sockets they go to. */
final class BroadcastTest {
  private static final RoomName LOBBY = RoomName.of("lobby");

  @Test
  void without_the_stores_it_reaches_and_counts_the_sockets_of_the_node() {
    FaultyCluster cluster = new FaultyCluster();
    try (RealtimeServer one = start(cluster);
        RealtimeServer two = start(cluster)) {
      UserId user = TestUsers.some();
      try (WireClient here = open(one, user);
          WireClient there = open(two, user)) {
        assertThat(one.broadcast(LOBBY, "tick", Json.EMPTY)).isEqualTo(2);
        assertThat(one.broadcast(RoomName.ofUser(user), "tick", Json.EMPTY)).isEqualTo(2);

        cluster.storesAway(true);

        assertThat(one.broadcast(LOBBY, "tock", Json.EMPTY)).isEqualTo(1);
        assertThat(one.broadcast(RoomName.ofUser(user), "tock", Json.EMPTY)).isEqualTo(1);
        assertThat(one.broadcast(RoomName.of("empty"), "tock", Json.EMPTY)).isZero();
        here.event("tock");
        here.event("tock");
        there.event("tock");
        cluster.storesAway(false);
      }
    }
  }

  @Test
  void a_user_is_reached_by_his_room_whatever_publishes() {
    UserId user = TestUsers.some();
    RoomName own = RoomName.ofUser(user);
    try (RealtimeServer server = start(new FaultyCluster());
        WireClient client = open(server, user)) {
      server.publish(own, "one", Json.EMPTY);
      server.rooms().publish(own, "two", Json.EMPTY);
      server.rooms().publishToUser(user, "three", Json.EMPTY);
      client.event("one");
      client.event("two");
      client.event("three");
      assertThatThrownBy(() -> server.publish(new RoomName("user:x"), "one", Json.EMPTY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("user's UUID");
    }
  }

  /** UTF-8 would make a question mark of it, and one event of two. */
  @ParameterizedTest
  @ValueSource(strings = {"a\ud800", "\udc00", "\ud83d\ud83d\ude00"})
  void half_of_a_surrogate_pair_in_the_name_of_an_event_is_refused(String name) {
    try (RealtimeServer server = start(new FaultyCluster());
        WireClient client = open(server, TestUsers.some())) {
      assertThatThrownBy(() -> server.publish(LOBBY, name, Json.EMPTY))
          .isInstanceOf(InvalidValueException.class)
          .hasMessage("event holds half of a surrogate pair");
      assertThatThrownBy(() -> server.rooms().publish(LOBBY, name, Json.EMPTY))
          .isInstanceOf(InvalidValueException.class);
      assertThatThrownBy(() -> server.publish(RoomName.ofUser(TestUsers.some()), name, Json.EMPTY))
          .isInstanceOf(InvalidValueException.class);
      assertThat(client.error("room.publish", Json.object("room", LOBBY, "event", name)))
          .isEqualTo("RT_BAD_REQUEST");

      server.publish(LOBBY, "😀", Json.object("half", name));
      assertThat(client.event("😀").fields()).containsEntry("half", Json.of(name));
    }
  }

  private static RealtimeServer start(FaultyCluster cluster) {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .cluster(cluster)
        .roomPolicy(RoomPolicy.open())
        .build()
        .start();
  }

  private static WireClient open(RealtimeServer server, UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    client.call("room.join", Json.object("room", LOBBY));
    return client;
  }
}
