package dev.realtime4j.client.internal;

import static dev.realtime4j.client.internal.FakeSocket.id;
import static dev.realtime4j.client.internal.FakeSocket.notificationJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.notification.DeliveryLog;
import dev.realtime4j.client.internal.notification.ResumePoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResumeTest {
  private static final Duration STABLE = Duration.ofSeconds(11);

  private final Rig rig = new Rig();

  @Test
  void a_first_connection_has_no_since_and_keeps_the_cursor_it_is_given() {
    FakeSocket first = rig.connected();
    assertThat(first.target).isEqualTo(Rig.FIRST);
    assertThat(rig.reopened().target).hasQuery("since=c0");
  }

  @Test
  void a_client_that_is_closed_as_soon_as_it_is_connected_keeps_its_cursor() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    before.callbacksBlocked = true;
    before.connected();
    before.driver.close(new CompletableFuture<>());
    before.callbacksBlocked = false;
    before.settle();

    Rig after = new Rig(store, OfflinePolicy.QUEUE);
    assertThat(after.connected().target).hasQuery("since=c0");
  }

  @Test
  void a_cursor_behind_what_was_not_told_before_the_close_is_not_kept() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    before.connected();
    FakeSocket second = before.reopened();
    before.callbacksBlocked = true;
    second.welcome(1, "c1");
    second.notification(1);
    before.settle();
    before.driver.close(new CompletableFuture<>());
    before.callbacksBlocked = false;
    before.settle();

    Rig after = new Rig(store, OfflinePolicy.QUEUE);
    assertThat(after.connected().target).hasQuery("since=c0");
  }

  @Test
  void each_notification_is_told_once_however_often_it_is_sent() {
    FakeSocket first = rig.connected();
    first.notification(1);
    first.notification(2);
    first.notification(1);
    rig.settle();
    FakeSocket second = rig.reopened();
    second.welcome(3, "c1");
    second.notification(1);
    second.notification(2);
    second.notification(3);
    second.notification(3);
    rig.settle();
    assertThat(rig.notifications).containsExactly("n1", "n2", "n3");
  }

  @Test
  void the_cursor_of_a_welcome_holds_only_once_the_missed_ones_have_arrived() {
    rig.connected();
    FakeSocket second = rig.reopened();
    second.welcome(2, "c1");
    second.notification(1);
    rig.settle();
    FakeSocket third = rig.reopened();
    assertThat(third.target).hasQuery("since=c0");
    third.welcome(2, "c2");
    third.notification(1);
    third.notification(2);
    rig.settle();
    assertThat(rig.reopened().target).hasQuery("since=c2");
    assertThat(rig.notifications).containsExactly("n1", "n2");
  }

  @Test
  void the_missed_ones_and_their_welcome_may_come_in_one_frame() {
    rig.connected();
    FakeSocket second = rig.reopened();
    StringBuilder frame = new StringBuilder();
    frame.append(
        """
        {"event":"connected","data":{"user_id":"%s","heartbeat_interval_ms":25000,\
        "heartbeat_timeout_ms":10000,"missed":1,"cursor":"c1"}}"""
            .formatted(FakeSocket.USER));
    frame
        .append("\n{\"event\":\"notification.new\",\"data\":")
        .append(notificationJson(7))
        .append("}");
    second.text(frame.toString());
    rig.settle();
    assertThat(rig.notifications).containsExactly("n7");
    assertThat(rig.reopened().target).hasQuery("since=c1");
  }

  @Test
  void with_none_missed_the_cursor_waits_until_no_resync_came() {
    rig.connected();
    rig.reopened().welcome(0, "c1");
    rig.settle();
    assertThat(rig.reopened().target).hasQuery("since=c0");
    rig.socket().welcome(0, "c2");
    rig.advance(STABLE);
    assertThat(rig.reopened().target).hasQuery("since=c2");
  }

  @Test
  void a_sync_moves_the_cursor_and_a_push_does_not() {
    FakeSocket first = rig.connected();
    first.notification(1);
    rig.settle();
    assertThat(rig.reopened().target).hasQuery("since=c0");
    rig.socket().welcome(1, "c1");
    rig.socket().notification(1);
    rig.socket().push("notification.synced", "cursor", "c9", "unread", null);
    rig.settle();
    assertThat(rig.reopened().target).hasQuery("since=c9");
  }

  @Test
  void a_restarted_program_keeps_both_floors() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    FakeSocket socket = before.connected();
    for (int i = 1; i <= DeliveryLog.RECENT + 3; i++) {
      socket.notification(i);
      before.settle();
    }
    ResumePoint saved = ResumePoint.decode(store.load().orElseThrow()).orElseThrow();
    assertThat(saved.forgotten()).isEqualTo(NotificationId.of(id(3)));
    assertThat(saved.beginning()).isNull();
  }

  @Test
  void a_notification_that_cannot_be_read_does_not_hold_up_the_cursor() {
    rig.connected();
    FakeSocket second = rig.reopened();
    second.welcome(2, "c1");
    second.push("notification.new", "id", id(1), "type", "A_TYPE_OF_TOMORROW");
    second.notification(2);
    rig.settle();
    assertThat(rig.notifications).containsExactly("n2");
    assertThat(rig.reopened().target).hasQuery("since=c1");
  }

  @Test
  void notifications_are_acknowledged_in_batches_after_the_listener_returned() {
    FakeSocket socket = rig.connected();
    rig.callbacksBlocked = true;
    socket.notification(1);
    socket.notification(2);
    rig.advance(Duration.ofSeconds(1));
    assertThat(socket.calls("notification.ack")).isEmpty();
    rig.callbacksBlocked = false;
    rig.advance(Duration.ofSeconds(1));
    assertThat(socket.calls("notification.ack")).hasSize(1);
    assertThat(socket.lastCall("notification.ack").id()).isNull();
    assertThat(socket.lastCall("notification.ack").params().text()).contains(id(1), id(2));
  }

  @Test
  void acknowledgements_wait_for_the_next_connection() {
    FakeSocket socket = rig.connected();
    rig.callbacksBlocked = true;
    socket.notification(1);
    rig.settle();
    FakeSocket second = rig.reopened();
    rig.callbacksBlocked = false;
    rig.settle();
    second.welcome(0, "c1");
    rig.advance(Duration.ofSeconds(1));
    assertThat(second.lastCall("notification.ack").params().text()).contains(id(1));
  }

  @Test
  void a_restarted_program_resumes_where_the_last_one_ended_and_hears_nothing_twice() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    FakeSocket socket = before.connected();
    socket.notification(1);
    socket.notification(2);
    before.settle();

    Rig after = new Rig(store, OfflinePolicy.QUEUE);
    after.driver.connect();
    after.settle();
    assertThat(after.socket().target).hasQuery("since=c0");
    after.socket().welcome(3, "c1");
    IntStream.rangeClosed(1, 3).forEach(after.socket()::notification);
    after.settle();
    assertThat(after.notifications).containsExactly("n3");
  }

  @Test
  void a_program_that_closes_in_the_middle_of_a_burst_has_saved_what_it_was_told() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    FakeSocket socket = before.connected();
    before.notificationCalls.onNew(
        notification -> {
          if (notification.content().title().equals("n3")) {
            before.driver.close(new CompletableFuture<>());
          }
        });
    before.callbacksBlocked = true;
    IntStream.rangeClosed(1, 9).forEach(socket::notification);
    before.settle();
    before.callbacksBlocked = false;
    before.settle();
    assertThat(before.notifications).containsExactly("n1", "n2", "n3");

    Rig after = new Rig(store, OfflinePolicy.QUEUE);
    after.driver.connect();
    after.settle();
    after.socket().welcome(9, "c1");
    IntStream.rangeClosed(1, 9).forEach(after.socket()::notification);
    after.settle();

    assertThat(after.notifications).containsExactly("n4", "n5", "n6", "n7", "n8", "n9");
  }

  @Test
  void what_the_application_was_not_told_is_not_saved_as_told() {
    CursorStore store = CursorStore.inMemory();
    Rig before = new Rig(store, OfflinePolicy.QUEUE);
    FakeSocket socket = before.connected();
    before.callbacksBlocked = true;
    socket.notification(1);
    socket.push("notification.synced", "cursor", "c5", "unread", null);
    before.settle();
    ResumePoint saved = ResumePoint.decode(store.load().orElseThrow()).orElseThrow();
    assertThat(saved.cursor()).hasToString("c0");
    assertThat(saved.recent()).doesNotContain(NotificationId.of(id(1)));
  }

  @Test
  void an_application_that_is_far_behind_loses_the_connection_and_nothing_else() {
    FakeSocket socket = rig.connected();
    rig.callbacksBlocked = true;
    for (int i = 1; i <= Callbacks.MOST + 5; i++) {
      socket.notification(i);
      rig.loop.run();
    }
    assertThat(socket.aborted).isTrue();
    rig.advance(Duration.ofMinutes(2));
    assertThat(rig.sockets).as("while it is behind").hasSize(1);
    rig.callbacksBlocked = false;
    assertThat(rig.nextSocket().target).hasQuery("since=c0");
    rig.socket().welcome(15, "c1");
    for (int i = Callbacks.MOST - 9; i <= Callbacks.MOST + 5; i++) {
      rig.socket().notification(i);
    }
    rig.settle();
    assertThat(rig.notifications)
        .hasSize(Callbacks.MOST + 5)
        .doesNotHaveDuplicates()
        .endsWith("n" + (Callbacks.MOST + 5));
  }
}
