package dev.realtime4j.examples.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A push that is lost without anybody's noticing. */
class SwallowedPushTest {
  private final Closing closing = new Closing();
  private final SwallowingCluster cluster =
      new SwallowingCluster(InMemoryCluster.create(), text -> text.contains("\"swallowed\""));
  private final Stores.Database database = Stores.database();
  private final RealtimeServer server =
      closing.later(
          Nodes.node("swallowing", cluster, closing.later(database.pool(4)))
              .syncInterval(Duration.ofSeconds(1))
              .build()
              .start());

  @AfterEach
  void close() {
    closing.close();
  }

  private NotificationId send(Receiver receiver, String title) {
    Notification sent =
        server.notifications().send(NewNotification.to(receiver.user()).title(title).build());
    return sent.id();
  }

  @Test
  void is_found_by_the_live_check_and_told_exactly_once() throws Exception {
    Receiver receiver = closing.later(Receiver.connected(server.port()));
    List<NotificationId> sent = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      sent.add(send(receiver, i % 3 == 1 ? "swallowed" : "pushed"));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.count() >= 9);
    assertThat(cluster.swallowed()).isEqualTo(3);
    await().atMost(Duration.ofSeconds(30)).until(database::isOutboxEmpty);
    assertThat(server.stats().notificationsRelayed()).as("the bus had taken them").isZero();

    // Whatever would be told twice is told before the next one.
    NotificationId last = send(receiver, "swallowed");
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.knows(last));
    sent.add(last);
    assertThat(receiver.told()).containsExactlyInAnyOrderElementsOf(sent);
  }
}
