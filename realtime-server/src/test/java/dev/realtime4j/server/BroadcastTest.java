package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import org.junit.jupiter.api.Test;

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
        assertThat(one.publish(LOBBY, "tick", Json.EMPTY)).isEqualTo(2);
        assertThat(one.publish(RoomName.ofUser(user), "tick", Json.EMPTY)).isEqualTo(2);

        cluster.storesAway(true);

        assertThat(one.publish(LOBBY, "tock", Json.EMPTY)).isEqualTo(1);
        assertThat(one.publish(RoomName.ofUser(user), "tock", Json.EMPTY)).isEqualTo(1);
        assertThat(one.publish(RoomName.of("empty"), "tock", Json.EMPTY)).isZero();
        here.event("tock");
        here.event("tock");
        there.event("tock");
        cluster.storesAway(false);
      }
    }
  }

  private static RealtimeServer start(FaultyCluster cluster) {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .cluster(cluster)
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
