package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.notification.PendingPushes;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.jdbi.JdbiTransaction;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client hears of what a transaction of the host committed, and of nothing else. */
@SuppressWarnings("NullAway.Init")
class TransactionalSendTest {
  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final InMemoryCluster cluster = InMemoryCluster.create();

  /** With a relay that comes too late to help. */
  private final RealtimeServer server = node("sending", Duration.ofHours(1));

  private final Notifications notifications = server.notifications();
  private final List<NotificationId> committed = new ArrayList<>();
  private Receiver receiver;

  private RealtimeServer node(String id, Duration relayLease) {
    return closing.later(
        Nodes.node(id, cluster, closing.later(database.pool(4)))
            .relayLease(relayLease)
            .build()
            .start());
  }

  @BeforeEach
  void connect() throws Exception {
    receiver = closing.later(Receiver.connected(server.port()));
  }

  @AfterEach
  void close() {
    closing.close();
  }

  private NewNotification titled(String title) {
    return NewNotification.to(receiver.user()).title(title).build();
  }

  /** Whatever should not have been pushed would have arrived before the last one. */
  private void assertToldOfTheCommittedOnly() {
    await().atMost(Duration.ofSeconds(30)).until(database::isOutboxEmpty);
    Notification last = notifications.send(titled("last"));
    committed.add(last.id());
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.knows(last.id()));
    assertThat(receiver.told()).containsExactlyInAnyOrderElementsOf(committed);
  }

  @Test
  void a_flush_after_the_commit_pushes_at_once_and_one_too_early_or_in_vain_nothing()
      throws Exception {
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      PendingPush undone = notifications.send(connection, titled("rolled back"));
      undone.flush();
      connection.rollback();
      undone.flush();

      PendingPush push = notifications.send(connection, titled("committed"));
      push.flush();
      assertThat(receiver.count()).isZero();
      connection.commit();
      push.flush();
      push.flush();
      committed.add(push.notification().id());
      await().atMost(Duration.ofSeconds(30)).until(() -> receiver.count() == 1);
    }
    assertToldOfTheCommittedOnly();
  }

  @Test
  void without_a_flush_the_relay_of_any_node_pushes() throws Exception {
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      committed.add(notifications.send(connection, titled("committed")).notification().id());
      connection.commit();
    }
    RealtimeServer other = node("relaying", Duration.ofMillis(500));
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.count() == 1);
    assertToldOfTheCommittedOnly();
    assertThat(other.stats().notificationsRelayed()).isPositive();
  }

  @Test
  void what_is_rolled_back_to_a_savepoint_is_not_pushed_when_the_rest_commits() throws Exception {
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint();
      PendingPush undone = notifications.send(connection, titled("undone"));
      connection.rollback(savepoint);
      PendingPush kept = notifications.send(connection, titled("kept"));
      connection.commit();
      undone.flush();
      kept.flush();
      committed.add(kept.notification().id());
    }
    database
        .jdbi()
        .useTransaction(
            handle -> {
              handle.savepoint("before");
              notifications.send(JdbiTransaction.of(handle), titled("undone"));
              handle.rollbackToSavepoint("before");
              PendingPush kept = notifications.send(JdbiTransaction.of(handle), titled("kept"));
              committed.add(kept.notification().id());
            });
    assertToldOfTheCommittedOnly();
  }

  @Test
  void what_a_failing_commit_takes_with_it_is_not_pushed() throws Exception {
    try (Connection connection = database.direct().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE host_order (id int PRIMARY KEY,"
              + " follows int REFERENCES host_order DEFERRABLE INITIALLY DEFERRED)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO host_order VALUES (1, 4711)");
      PendingPush push = notifications.send(connection, titled("not committed"));
      assertThatThrownBy(connection::commit).hasMessageContaining("foreign key");
      push.flush();
    }
    assertThatThrownBy(
            () ->
                database
                    .jdbi()
                    .useTransaction(
                        handle -> {
                          notifications.send(JdbiTransaction.of(handle), titled("not committed"));
                          handle.execute("INSERT INTO host_order VALUES (1, 4711)");
                        }))
        .rootCause()
        .hasMessageContaining("foreign key");
    assertToldOfTheCommittedOnly();
  }

  @Test
  void several_of_one_transaction_are_told_of_together_when_it_commits() throws Exception {
    UserId other = new UserId(UUID.randomUUID());
    NewNotification repeated =
        NewNotification.to(receiver.user()).title("once").idempotencyKey("several").build();
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      notifications.send(connection, List.of(titled("undone"), titled("undone too"))).flush();
      notifications.sendAll(
          connection, List.of(other, receiver.user()), titled("undone").content(), "campaign");
      connection.rollback();

      PendingPushes several =
          notifications.send(connection, List.of(titled("first"), repeated, repeated));
      PendingPushes all =
          notifications.sendAll(
              connection, List.of(other, receiver.user()), titled("to all").content(), "campaign");
      PendingPushes again =
          notifications.sendAll(
              connection, List.of(receiver.user()), titled("to all").content(), "campaign");
      connection.commit();
      several.flush();
      all.flush();
      again.flush();
      assertThat(several.notifications())
          .extracting(notification -> notification.content().title())
          .containsExactly("first", "once", "once");
      assertThat(all.notifications())
          .extracting(Notification::userId)
          .containsExactlyInAnyOrder(other, receiver.user());
      assertThat(again.notifications()).isEmpty();
      several.notifications().stream().distinct().forEach(it -> committed.add(it.id()));
      all.notifications().stream()
          .filter(it -> it.userId().equals(receiver.user()))
          .forEach(it -> committed.add(it.id()));
    }
    assertToldOfTheCommittedOnly();
  }

  @Test
  void a_transaction_of_jdbi_tells_of_several_by_itself() {
    database
        .jdbi()
        .useTransaction(
            handle ->
                notifications
                    .sendAll(
                        JdbiTransaction.of(handle),
                        List.of(receiver.user()),
                        titled("to all").content(),
                        "campaign")
                    .notifications()
                    .forEach(it -> committed.add(it.id())));
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.count() == 1);
    assertToldOfTheCommittedOnly();
  }

  @Test
  void a_transaction_takes_a_bounded_number() throws Exception {
    NewNotification one = titled("many");
    List<UserId> users =
        Stream.generate(() -> new UserId(UUID.randomUUID())).limit(10_001).toList();
    try (Connection connection = database.direct().getConnection()) {
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> notifications.send(connection, Collections.nCopies(1_001, one)))
          .hasMessageContaining("at most 1000 notifications in one call, not 1001");
      assertThatThrownBy(() -> notifications.sendAll(connection, users, one.content(), "many"))
          .hasMessageContaining("at most 10000 receivers in one call, not 10001");
      List<UserId> few = users.subList(0, 2);
      assertThatThrownBy(() -> notifications.sendAll(connection, few, one.content(), "a\0b"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(notifications.send(connection, List.of()).notifications()).isEmpty();
      assertThat(
              notifications.sendAll(connection, List.of(), one.content(), "none").notifications())
          .isEmpty();
      PendingPushes most =
          notifications.sendAll(connection, users.subList(0, 10_000), one.content(), "many");
      assertThat(most.notifications()).hasSize(10_000);
      connection.rollback();
    }
  }
}
