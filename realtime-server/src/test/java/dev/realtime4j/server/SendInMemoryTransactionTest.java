package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.memory.InMemoryTransaction;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client hears of what a transaction in memory committed, and of nothing else. */
class SendInMemoryTransactionTest {
  private final VirtualTime time = new VirtualTime();

  /** With a relay that comes too late to help. */
  private final VirtualNode node =
      VirtualNode.start(
          time,
          "a",
          builder ->
              builder
                  .notifications(InMemoryNotificationRepository.create(time.clock()))
                  .relayLease(Duration.ofHours(1))
                  .syncInterval(Duration.ofHours(1)));

  private final Notifications notifications = node.server().notifications();
  private final InMemoryTransaction transaction = InMemoryTransaction.begin();
  private final UserId anna = TestUsers.some();
  private final LocalTransport.Socket socket = node.connect(anna);

  @AfterEach
  void stop() {
    node.close();
  }

  private NewNotification titled(String title) {
    return NewNotification.to(anna).title(title).build();
  }

  private List<String> pushed() {
    time.pass(Duration.ofSeconds(1));
    return socket.events("notification.new").stream().map(it -> WireClient.text(it, "id")).toList();
  }

  private List<Notification> listed() {
    return notifications.list(anna, NotificationFilter.ALL, PageRequest.first(10)).items();
  }

  private void assertNothingIsSeen() {
    assertThat(pushed()).isEmpty();
    assertThat(listed()).isEmpty();
    assertThat(notifications.unreadCount(anna).count()).isZero();
  }

  @Test
  void what_was_sent_is_seen_and_pushed_with_the_commit_and_not_before() {
    PendingPush push = notifications.send(transaction, titled("one"));
    notifications.send(transaction, List.of(titled("two"), titled("three")));
    notifications.sendAll(transaction, List.of(anna), titled("four").content(), "key");
    push.flush();
    assertNothingIsSeen();

    transaction.commit();

    assertThat(pushed()).hasSize(4).contains(push.notification().id().toString());
    assertThat(listed()).hasSize(4);
    assertThat(notifications.unreadCount(anna).count()).isEqualTo(4);
  }

  @Test
  void what_was_rolled_back_is_seen_by_nobody() {
    PendingPush push = notifications.send(transaction, titled("one"));
    transaction.rollback();
    push.flush();
    assertNothingIsSeen();
  }

  @Test
  void one_that_is_over_is_refused_also_while_it_tells_of_its_commit() {
    transaction.afterCommit(() -> assertOver(transaction));
    transaction.commit();
    assertOver(transaction);
    assertNothingIsSeen();
  }

  private void assertOver(InMemoryTransaction over) {
    assertThatThrownBy(() -> notifications.send(over, titled("late")))
        .hasMessageContaining("send before the commit, or without the transaction")
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void an_asynchronous_send_waits_for_the_transaction_that_holds_its_key() {
    NewNotification keyed = NewNotification.to(anna).title("paid").idempotencyKey("order").build();
    Notification first = notifications.send(transaction, keyed).notification();
    CompletableFuture<Notification> second = notifications.sendAsync(keyed);
    time.pass(Duration.ofSeconds(2));
    assertThat(second).isNotDone();

    transaction.commit();
    time.pass(Duration.ofSeconds(2));

    assertThat(second).isCompletedWithValue(first);
    assertThat(pushed()).containsExactly(first.id().toString());
  }
}
