package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a user was last seen, though the store of presence knows them no more. */
final class LastSeenTest {
  private final InMemoryCluster cluster = InMemoryCluster.create();
  private final LocalTransport transport = new LocalTransport();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .transport(transport)
          .authenticator(new TestUsers())
          .cluster(cluster)
          .presenceGrace(Duration.ZERO)
          .build()
          .start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void it_comes_from_the_connection_log_when_the_user_is_gone_and_when_the_store_is_emptied() {
    UserId user = TestUsers.some();
    Instant before = Instant.now();
    LocalTransport.Socket socket = transport.connect(user);
    await().until(() -> server.presence().get(user).status() == PresenceStatus.ONLINE);
    socket.end(1000);
    await().until(() -> server.presence().get(user).status() == PresenceStatus.OFFLINE);

    await().untilAsserted(() -> assertSeen(server.presence().get(user), before));
    cluster.flush();
    assertSeen(server.presence().get(user), before);
  }

  private static void assertSeen(Presence presence, Instant after) {
    assertThat(presence.status()).isEqualTo(PresenceStatus.OFFLINE);
    assertThat(presence.lastSeen()).isBetween(after, Instant.now());
  }

  @Test
  void it_is_not_known_of_a_user_who_never_connected() {
    assertThat(server.presence().get(TestUsers.some()).lastSeen()).isNull();
  }
}
