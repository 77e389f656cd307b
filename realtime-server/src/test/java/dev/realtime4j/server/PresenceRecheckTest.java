package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rechecks of the policy, when things go wrong or come at the same time. */
final class PresenceRecheckTest {
  private final FaultyCluster cluster = new FaultyCluster();
  private final Set<UserId> hidden = ConcurrentHashMap.newKeySet();
  private final RealtimeServer server = node();

  private RealtimeServer node() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .messagesPerSecond(1000)
        .handler("echo", MethodCall::params)
        .cluster(cluster)
        .presencePolicy(
            (who, users) -> {
              Set<UserId> visible = new HashSet<>(users);
              visible.removeAll(hidden);
              return visible;
            })
        .build()
        .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WireClient open(UserId user) {
    WireClient client = WireClient.open(server, user);
    client.event("connected");
    return client;
  }

  @Test
  void a_recheck_that_the_bus_does_not_take_is_made_good_when_it_does() {
    UserId viewer = TestUsers.some();
    UserId friend = TestUsers.some();
    try (RealtimeServer other = node();
        WireClient there = open(friend);
        WireClient client = open(viewer)) {
      there.drain();
      client.call("presence.watch", Json.object("user_ids", List.of(friend)));
      cluster.lose(channel -> channel.equals("commands"));
      hidden.add(friend);
      other.presence().recheck(viewer);
      assertThat(client.drain()).isEmpty();

      cluster.lose(channel -> false);

      assertThat(client.event("presence.changed").text()).contains("OFFLINE");
    }
  }

  @Test
  void no_presence_follows_the_change_that_hides_somebody() {
    UserId viewer = TestUsers.some();
    UserId friend = TestUsers.some();
    try (WireClient there = open(friend);
        WireClient client = open(viewer)) {
      there.drain();
      for (int round = 0; round < 20; round++) {
        hidden.clear();
        client.call("presence.watch", Json.object("user_ids", List.of(friend)));
        hidden.add(friend);
        PresenceStatus next = round % 2 == 0 ? PresenceStatus.BUSY : PresenceStatus.ONLINE;
        server.presence().set(friend, next);
        server.presence().recheck(viewer);

        client.await(message -> message.text().contains("\"OFFLINE\""));
        // Said once more where the recheck came before the end of the watch.
        assertThat(client.drain()).allMatch(message -> message.text().contains("\"OFFLINE\""));
        client.call("presence.unwatch", Json.object("user_ids", List.of(friend)));
      }
    }
  }
}
