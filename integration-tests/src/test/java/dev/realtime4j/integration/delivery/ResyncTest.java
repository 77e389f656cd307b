package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More was missed than is sent, or the cursor is unknown: the client pages by itself. */
@SuppressWarnings("NullAway.Init")
class ResyncTest {
  /** More than one page of the list, and more than are sent again after a gap. */
  private static final int MANY = 250;

  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final RealtimeServer server =
      closing.later(
          Nodes.node("resync", InMemoryCluster.create(), closing.later(database.pool(8)))
              .syncInterval(Duration.ofSeconds(1))
              .build()
              .start());
  private final Set<NotificationId> sent = Collections.synchronizedSet(new HashSet<>());
  private Receiver receiver;

  @BeforeEach
  void connect() throws Exception {
    receiver = closing.later(Receiver.connected(server.port()));
  }

  @AfterEach
  void close() {
    closing.close();
  }

  private void send(int count) {
    CompletableFuture<?>[] sending =
        IntStream.range(0, count)
            .mapToObj(i -> NewNotification.to(receiver.user()).title("n" + i).build())
            .map(one -> server.notifications().sendAsync(one))
            .map(stored -> stored.thenAccept(notification -> sent.add(notification.id())))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(sending).join();
  }

  private void awaitEverything() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Set<NotificationId> lost = new HashSet<>(Set.copyOf(sent));
              receiver.told().forEach(lost::remove);
              assertThat(lost).as("lost").isEmpty();
            });
  }

  private void sendAndAwait(int count) {
    send(count);
    awaitEverything();
  }

  private void goAway() {
    receiver.client().pause();
    await().until(() -> server.stats().sockets() == 0);
    assertThat(receiver.client().state()).isEqualTo(ConnectionState.PAUSED);
  }

  private void assertEachWasToldOnce() {
    sendAndAwait(1); // whatever would be told twice is told before it
    assertThat(receiver.told()).doesNotHaveDuplicates().hasSameElementsAs(sent);
  }

  @Test
  void more_missed_than_are_sent_again_come_once_and_in_order_while_new_ones_arrive() {
    sendAndAwait(5);
    goAway();
    send(2 * MANY);
    CompletableFuture<Void> meanwhile = CompletableFuture.runAsync(() -> send(MANY));
    receiver.client().resume();
    meanwhile.join();
    awaitEverything();
    assertEachWasToldOnce();
    assertThat(receiver.told()).isSorted();
  }

  @Test
  void after_a_restore_with_a_new_epoch_what_was_missed_comes_once() {
    sendAndAwait(MANY);
    goAway();
    send(20);
    newEpoch();
    receiver.client().resume();
    awaitEverything();
    assertEachWasToldOnce();
  }

  @Test
  void a_new_epoch_disturbs_nobody_who_is_connected() {
    sendAndAwait(MANY);
    CompletableFuture<Void> meanwhile =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 20; i++) {
                send(10);
              }
            });
    newEpoch();
    meanwhile.join();
    awaitEverything();
    goAway();
    send(3);
    receiver.client().resume();
    awaitEverything();
    assertEachWasToldOnce();
  }

  private void newEpoch() {
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("UPDATE realtime.notification_epoch SET epoch = DEFAULT"));
  }

  @Test
  void a_transaction_that_commits_while_the_client_pages_is_told_once() throws Exception {
    try (Connection slow = database.direct().getConnection()) {
      PendingPush early = sendIn(slow);
      sendAndAwait(5);
      goAway();
      send(3 * MANY);
      receiver.client().resume();
      await().until(receiver::isConnected);
      slow.commit();
      early.flush();
      sent.add(early.notification().id());
    }
    awaitEverything();
    assertEachWasToldOnce();
  }

  @Test
  void a_transaction_from_long_before_that_commits_while_the_client_is_away_is_not_lost()
      throws Exception {
    try (Connection slow = database.direct().getConnection()) {
      PendingPush early = sendIn(slow);
      sendAndAwait(MANY);
      goAway();
      send(MANY);
      slow.commit();
      sent.add(early.notification().id());
      await().atMost(Duration.ofSeconds(30)).until(database::isOutboxEmpty);
    }
    receiver.client().resume();
    awaitEverything();
    assertEachWasToldOnce();
  }

  private PendingPush sendIn(Connection connection) throws Exception {
    connection.setAutoCommit(false);
    return server
        .notifications()
        .send(connection, NewNotification.to(receiver.user()).title("early id").build());
  }
}
