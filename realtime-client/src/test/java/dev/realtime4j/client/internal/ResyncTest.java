package dev.realtime4j.client.internal;

import static dev.realtime4j.client.internal.FakeSocket.id;
import static dev.realtime4j.client.internal.FakeSocket.notificationJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.client.internal.notification.Arrivals;
import dev.realtime4j.client.internal.notification.Resync;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResyncTest {
  private static final Duration STABLE = Duration.ofSeconds(11);

  private final Rig rig = new Rig();

  @Test
  void a_resync_delivers_what_is_unseen_oldest_first_and_then_moves_the_cursor() {
    FakeSocket first = rig.connected();
    first.notification(1);
    first.notification(2);
    rig.settle();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", "cursor", "c1", "unread", null);
    rig.settle();
    second.answer(
        "notification.list",
        "notifications",
        List.of(notificationJson(6), notificationJson(5), notificationJson(4)),
        "next_cursor",
        "p2");
    second.notification(7);
    rig.settle();
    assertThat(rig.notifications).as("until the list is read").containsExactly("n1", "n2");
    second.answer(
        "notification.list",
        "notifications",
        List.of(notificationJson(3), notificationJson(2), notificationJson(1), notificationJson(0)),
        "next_cursor",
        "p3");
    rig.settle();
    assertThat(rig.notifications).containsExactly("n1", "n2", "n3", "n4", "n5", "n6", "n7");
    assertThat(second.calls("notification.list")).hasSize(2);
    assertThat(rig.reopened().target).hasQuery("since=c1");
  }

  @Test
  void a_resync_that_is_cut_off_begins_again_and_delivers_nothing_twice() {
    FakeSocket first = rig.connected();
    first.notification(1);
    rig.settle();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", "cursor", "c1", "unread", null);
    second.notification(5);
    rig.settle();
    FakeSocket third = rig.reopened();
    assertThat(third.target).hasQuery("since=c0");
    third.welcome(0, "c2");
    third.push("notification.resync", "cursor", "c2", "unread", null);
    rig.settle();
    third.answer(
        "notification.list",
        "notifications",
        List.of(notificationJson(5), notificationJson(3), notificationJson(1)),
        "next_cursor",
        null);
    rig.settle();
    assertThat(rig.notifications).containsExactly("n1", "n3", "n5");
  }

  @Test
  void a_resync_whose_list_is_refused_is_tried_again() {
    FakeSocket socket = rig.connected();
    socket.notification(1);
    socket.push("notification.resync", "cursor", "c1", "unread", null);
    rig.settle();
    socket.refuseCall("notification.list", ErrorCode.UNAVAILABLE);
    rig.advance(Resync.PAUSE);
    socket.answer(
        "notification.list", "notifications", List.of(notificationJson(2)), "next_cursor", null);
    rig.settle();
    assertThat(rig.notifications).containsExactly("n1", "n2");
  }

  @Test
  void a_resync_never_brings_what_was_there_before_the_very_first_connection() {
    FakeSocket first = rig.connected();
    rig.advance(STABLE);
    first.answer(
        "notification.list", "notifications", List.of(notificationJson(10)), "next_cursor", "x");
    rig.settle();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", "cursor", "c1", "unread", null);
    rig.settle();
    second.answer(
        "notification.list",
        "notifications",
        List.of(
            notificationJson(12), notificationJson(11), notificationJson(10), notificationJson(9)),
        "next_cursor",
        "more");
    rig.settle();
    assertThat(rig.notifications).containsExactly("n11", "n12");
  }

  /** A connected client that has these, and then is told to resync. */
  private FakeSocket resyncing(int[] has, @Nullable Object... data) {
    FakeSocket first = rig.connected();
    IntStream.of(has).forEach(first::notification);
    rig.settle();
    rig.notifications.clear();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", data);
    rig.settle();
    return second;
  }

  private void page(FakeSocket socket, @Nullable String next, int... numbers) {
    socket.answer(
        "notification.list",
        "notifications",
        IntStream.of(numbers).mapToObj(FakeSocket::notificationJson).toList(),
        "next_cursor",
        next);
    rig.settle();
  }

  @Test
  void one_that_became_visible_late_is_found_below_a_page_of_known_ones() {
    FakeSocket socket =
        resyncing(new int[] {5, 6, 7, 8}, "cursor", "c1", "unread", null, "from", id(3));
    page(socket, "p2", 9, 8, 7);
    page(socket, "p3", 6, 5);
    assertThat(socket.lastCall("notification.list").params().text()).contains("p3");
    page(socket, "p4", 4, 3, 2, 1);
    assertThat(rig.notifications).containsExactly("n3", "n4", "n9");
    assertThat(socket.calls("notification.list")).hasSize(3);
    assertThat(rig.reopened().target).hasQuery("since=c1");
  }

  @Test
  void a_resync_ends_at_the_oldest_that_may_be_missing() {
    FakeSocket socket = resyncing(new int[] {5, 6}, "cursor", "c1", "unread", null, "from", id(4));
    page(socket, "p2", 7, 6, 5, 4);
    assertThat(socket.calls("notification.list")).hasSize(1);
    assertThat(rig.notifications).containsExactly("n4", "n7");
  }

  @Test
  void what_is_missing_is_brought_even_when_the_application_has_nothing_yet() {
    FakeSocket socket = resyncing(new int[] {}, "cursor", "c1", "unread", null, "from", id(2));
    page(socket, null, 3, 2, 1);
    assertThat(rig.notifications).containsExactly("n2", "n3");
  }

  @Test
  void what_became_visible_late_may_be_older_than_the_first_connection() {
    FakeSocket first = rig.connected();
    rig.advance(STABLE);
    page(first, "x", 10);
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", "cursor", "c1", "unread", null, "from", id(8));
    rig.settle();
    page(second, "more", 11, 10, 9, 8, 7);
    assertThat(rig.notifications).containsExactly("n8", "n9", "n10", "n11");
  }

  @Test
  void a_page_without_news_does_not_end_a_resync_of_unknown_reach() {
    FakeSocket socket = resyncing(new int[] {1, 5, 6, 7}, "cursor", "c1", "unread", null);
    page(socket, "p2", 7, 6, 5);
    page(socket, "p3", 4, 3, 2, 1);
    assertThat(rig.notifications).containsExactly("n2", "n3", "n4");
    assertThat(socket.calls("notification.list")).hasSize(2);
  }

  @Test
  void what_cannot_be_told_apart_any_more_is_not_told_again() {
    FakeSocket first = rig.connected();
    IntStream.rangeClosed(1, Arrivals.SEEN + 3).forEach(n -> arrived(first, n));
    rig.notifications.clear();
    FakeSocket second = rig.reopened();
    second.welcome(0, "c1");
    second.push("notification.resync", "cursor", "c1", "unread", null, "from", id(1));
    rig.settle();
    page(second, "more", 5, 4, 3, 2, 1);
    assertThat(rig.notifications).isEmpty();
    assertThat(second.calls("notification.list")).hasSize(1);
  }

  private void arrived(FakeSocket socket, int number) {
    socket.notification(number);
    rig.settle();
  }

  @Test
  void a_resync_that_overtakes_another_goes_as_far_down_as_both() {
    FakeSocket socket = resyncing(new int[] {5, 6}, "cursor", "c1", "unread", null, "from", id(2));
    socket.push("notification.resync", "cursor", "c2", "unread", null, "from", id(7));
    rig.settle();
    page(socket, "p2", 7, 6, 5);
    page(socket, "p3", 4, 3, 2, 1);
    assertThat(rig.notifications).containsExactly("n2", "n3", "n4", "n7");
    assertThat(rig.reopened().target).hasQuery("since=c2");
  }

  @Test
  void what_a_resync_brought_is_not_brought_by_the_next_one() {
    FakeSocket socket = resyncing(new int[] {5}, "cursor", "c1", "unread", null, "from", id(3));
    page(socket, null, 5, 4, 3);
    socket.push("notification.resync", "cursor", "c2", "unread", null, "from", id(1));
    rig.settle();
    page(socket, null, 5, 4, 3, 2, 1);
    assertThat(rig.notifications).containsExactly("n3", "n4", "n1", "n2");
  }
}
