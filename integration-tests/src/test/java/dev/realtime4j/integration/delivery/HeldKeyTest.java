package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An idempotency key that an open transaction has used holds up nobody but who sends with it. */
@SuppressWarnings("NullAway.Init")
class HeldKeyTest {
  private static final int MANY = 300;

  private final Closing closing = new Closing();
  private final Stores.Database database = Stores.database();
  private final RealtimeServer server =
      closing.later(
          Nodes.node("held", InMemoryCluster.create(), closing.later(database.pool(4)))
              .build()
              .start());
  private final Notifications notifications = server.notifications();
  private Receiver receiver;
  private Connection open;

  @BeforeEach
  void connect() throws Exception {
    receiver = closing.later(Receiver.connected(server.port()));
    open = database.direct().getConnection();
    open.setAutoCommit(false);
  }

  @AfterEach
  void close() throws Exception {
    open.close();
    closing.close();
  }

  private static NewNotification keyed(UserId user, String key) {
    return NewNotification.to(user).title("held").idempotencyKey(key).build();
  }

  private static NewNotification plain(UserId user) {
    return NewNotification.to(user).title("plain").build();
  }

  private static void assertAllDone(List<CompletableFuture<Notification>> futures)
      throws Exception {
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
  }

  @Test
  void the_others_go_on_and_the_one_is_answered_when_the_transaction_ends() throws Exception {
    UserId user = receiver.user();
    UserId other = new UserId(UUID.randomUUID());
    NotificationId first = notifications.send(open, keyed(user, "k")).notification().id();

    List<CompletableFuture<Notification>> held = new ArrayList<>();
    List<CompletableFuture<Notification>> others = new ArrayList<>();
    List<CompletableFuture<Notification>> toOneUser = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      toOneUser.add(notifications.sendAsync(plain(user)));
      others.add(notifications.sendAsync(keyed(other, "other-" + i)));
      others.add(notifications.sendAsync(plain(new UserId(UUID.randomUUID()))));
      if (i % 100 == 50) {
        held.add(notifications.sendAsync(keyed(user, "k")));
      }
    }
    assertAllDone(others);
    assertAllDone(toOneUser);
    List<NotificationId> inOrder = new ArrayList<>();
    for (CompletableFuture<Notification> one : toOneUser) {
      inOrder.add(one.get().id());
    }
    assertThat(inOrder).as("as they were sent").isSorted();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(receiver.told()).isEqualTo(inOrder));
    assertThat(held).noneMatch(CompletableFuture::isDone);

    open.commit();

    for (CompletableFuture<Notification> one : held) {
      assertThat(one.get(10, TimeUnit.SECONDS).id()).isEqualTo(first);
    }
  }

  @Test
  void after_a_rollback_the_one_is_stored_and_arrives_once() throws Exception {
    UserId user = receiver.user();
    notifications.send(open, keyed(user, "k"));
    CompletableFuture<Notification> held = notifications.sendAsync(keyed(user, "k"));
    CompletableFuture<Notification> again = notifications.sendAsync(keyed(user, "k"));
    assertAllDone(List.of(notifications.sendAsync(plain(user))));

    open.rollback();

    NotificationId stored = held.get(10, TimeUnit.SECONDS).id();
    assertThat(again.get(10, TimeUnit.SECONDS).id()).isEqualTo(stored);
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.count() == 2);
    assertThat(receiver.knows(stored)).isTrue();
  }

  @Test
  void many_keys_that_are_held_hold_up_nobody_either() throws Exception {
    UserId user = receiver.user();
    List<CompletableFuture<Notification>> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      notifications.send(open, keyed(user, "k" + i));
    }
    for (int i = 0; i < 40; i++) {
      held.add(notifications.sendAsync(keyed(user, "k" + i)));
    }
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Notification> one =
          notifications.sendAsync(keyed(new UserId(UUID.randomUUID()), "free"));
      one.get(10, TimeUnit.SECONDS);
    }
    assertThat(held).noneMatch(CompletableFuture::isDone);
    open.commit();
    assertAllDone(held);
  }

  @Test
  void closing_tells_who_still_waits() throws Exception {
    notifications.send(open, keyed(receiver.user(), "k"));
    CompletableFuture<Notification> held = notifications.sendAsync(keyed(receiver.user(), "k"));
    assertAllDone(List.of(notifications.sendAsync(plain(receiver.user()))));
    server.close();
    assertThat(held)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("the server is closed");
  }
}
