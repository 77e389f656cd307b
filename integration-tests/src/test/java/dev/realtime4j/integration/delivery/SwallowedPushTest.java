package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A push that is lost without anybody's noticing. */
class SwallowedPushTest {
  private final Closing closing = new Closing();
  private final SwallowingCluster cluster =
      new SwallowingCluster(InMemoryCluster.create(), SwallowedPushTest::isLost);
  private final Stores.Database database = Stores.database();

  /** Who sends is served by itself: what is swallowed is on its way to the other node. */
  private final RealtimeServer sending =
      closing.later(
          Nodes.node("sending", cluster, closing.later(database.pool(4))).build().start());

  private final RealtimeServer server =
      closing.later(
          Nodes.node("swallowing", cluster, closing.later(database.pool(4)))
              .syncInterval(Duration.ofSeconds(1))
              .build()
              .start());

  /** One in five of what slow writers send, and whatever says so itself. */
  private static boolean isLost(String message) {
    return message.contains("\"swallowed\"")
        || message.contains("\"slow\"") && ThreadLocalRandom.current().nextInt(5) == 0;
  }

  @AfterEach
  void close() {
    closing.close();
  }

  private NotificationId send(Receiver receiver, String title) {
    Notification sent =
        sending.notifications().send(NewNotification.to(receiver.user()).title(title).build());
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
    for (RealtimeServer node : List.of(sending, server)) {
      assertThat(node.stats().notificationsRelayed()).as("the bus had taken them").isZero();
    }

    // Whatever would be told twice is told before the next one.
    NotificationId last = send(receiver, "swallowed");
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.knows(last));
    sent.add(last);
    assertThat(receiver.told()).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void is_found_among_many_while_slow_transactions_write() throws Exception {
    Map<UserId, Queue<NotificationId>> committed = new ConcurrentHashMap<>();
    List<Receiver> receivers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      receivers.add(closing.later(Receiver.connected(server.port())));
      committed.put(receivers.get(i).user(), new ConcurrentLinkedQueue<>());
    }
    List<UserId> users = List.copyOf(committed.keySet());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    closing.later(threads::shutdownNow);
    AtomicInteger toCommit = new AtomicInteger(1_500);
    List<Future<Integer>> writing = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Connection connection = closing.later(database.direct().getConnection());
      writing.add(
          threads.submit(
              new SlowWriter(
                  connection, List.of(sending.notifications()), users, committed, toCommit, i)));
    }
    for (Future<Integer> one : writing) {
      one.get(60, TimeUnit.SECONDS);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              for (Receiver receiver : receivers) {
                assertThat(receiver.count()).isEqualTo(committed.get(receiver.user()).size());
              }
            });
    assertThat(cluster.swallowed()).isPositive();
    for (Receiver receiver : receivers) {
      committed.get(receiver.user()).add(send(receiver, "last"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> receiver.told().size() == committed.get(receiver.user()).size());
      assertThat(receiver.told())
          .containsExactlyInAnyOrderElementsOf(committed.get(receiver.user()));
    }
  }
}
