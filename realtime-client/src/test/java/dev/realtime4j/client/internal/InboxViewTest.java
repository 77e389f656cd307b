package dev.realtime4j.client.internal;

import static dev.realtime4j.client.internal.FakeSocket.id;
import static dev.realtime4j.client.internal.FakeSocket.notificationJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.internal.notification.InboxView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboxViewTest {
  private static final String READ_AT = "2026-03-01T13:00:00.000Z";

  private final Rig rig = new Rig();
  private final Inbox inbox = rig.notificationCalls.inbox(3);

  private FakeSocket loaded(int unread, @Nullable String more, int... numbers) {
    FakeSocket socket = rig.connected();
    answer(socket, unread, more, numbers);
    alone();
    return socket;
  }

  private void answer(FakeSocket socket, int unread, @Nullable String more, int... numbers) {
    List<Json> items = IntStream.of(numbers).mapToObj(FakeSocket::notificationJson).toList();
    socket.answer("notification.list", "notifications", items, "next_cursor", more);
    rig.settle();
    socket.answer("notification.unread_count", "count", unread, "capped", false);
    rig.settle();
  }

  /** So long that what comes next comes alone. */
  private void alone() {
    rig.advance(InboxView.ALONE.plusMillis(1));
  }

  private static Map<String, Object> count(int unread) {
    return Map.of("count", unread, "capped", false);
  }

  private void shows(boolean current, int unread, String... titles) {
    InboxContent content = inbox.content();
    assertThat(content.notifications())
        .extracting(n -> n.content().title())
        .containsExactly(titles);
    assertThat(content.unread().count()).isEqualTo(unread);
    assertThat(content.current()).isEqualTo(current);
  }

  private static int reads(FakeSocket socket) {
    return socket.calls("notification.list").size();
  }

  @Test
  void it_is_read_at_the_first_connection() {
    shows(false, 0);
    loaded(1, "more", 3, 2, 1);
    shows(true, 1, "n3", "n2", "n1");
  }

  @Test
  void one_that_comes_alone_is_taken_at_its_word() {
    FakeSocket socket = loaded(1, null, 1);
    socket.notification(2);
    rig.settle();
    shows(true, 2, "n2", "n1");
    alone();
    socket.push("notification.read", "ids", List.of(id(1)), "read_at", READ_AT, "unread", count(1));
    rig.settle();
    shows(true, 1, "n2", "n1");
    assertThat(inbox.content().notifications().get(1).readAt()).hasToString("2026-03-01T13:00:00Z");
    alone();
    socket.push("notification.deleted", "id", id(2), "unread", count(0));
    rig.settle();
    shows(true, 0, "n1");
    rig.advance(Duration.ofMinutes(1));
    assertThat(reads(socket)).as("nothing was in doubt").isEqualTo(1);
  }

  @Test
  void it_never_holds_more_than_was_asked_for() {
    FakeSocket socket = loaded(3, null, 3, 2, 1);
    socket.notification(4);
    rig.settle();
    shows(true, 4, "n4", "n3", "n2");
  }

  @Test
  void read_all_reads_up_to_one_and_the_first_reading_wins() {
    FakeSocket socket = loaded(3, null, 3, 2, 1);
    socket.push("notification.read_all", "up_to", id(2), "read_at", READ_AT, "unread", count(1));
    rig.settle();
    assertThat(inbox.content().notifications())
        .extracting(n -> n.isRead())
        .containsExactly(false, true, true);
    alone();
    socket.push(
        "notification.read_all",
        "up_to",
        id(3),
        "read_at",
        "2026-03-01T14:00:00.000Z",
        "unread",
        count(0));
    rig.settle();
    assertThat(inbox.content().notifications())
        .extracting(n -> String.valueOf(n.readAt()))
        .containsExactly("2026-03-01T14:00:00Z", "2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z");
  }

  @Test
  void what_comes_close_together_is_shown_at_once_and_made_sure_of_when_it_is_quiet() {
    FakeSocket socket = loaded(1, null, 1);
    socket.notification(2);
    socket.push("notification.read", "ids", List.of(id(1)), "read_at", READ_AT, "unread", count(2));
    rig.settle();
    shows(false, 2, "n2", "n1");
    rig.advance(InboxView.QUIET.plusMillis(1));
    assertThat(reads(socket)).isEqualTo(2);
    answer(socket, 1, null, 2, 1);
    shows(true, 1, "n2", "n1");
  }

  @Test
  void what_happens_while_it_is_read_is_not_lost_and_makes_it_read_again() {
    FakeSocket socket = rig.connected();
    socket.notification(5);
    socket.answer(
        "notification.list", "notifications", List.of(notificationJson(4)), "next_cursor", null);
    rig.settle();
    socket.answer("notification.unread_count", "count", 1, "capped", false);
    rig.settle();
    shows(false, 2, "n5", "n4");
    rig.advance(InboxView.QUIET.plusMillis(1));
    answer(socket, 2, null, 5, 4);
    shows(true, 2, "n5", "n4");
  }

  @Test
  void a_deleted_one_makes_room_for_an_older_one() {
    FakeSocket socket = loaded(3, "more", 4, 3, 2);
    socket.push("notification.deleted", "id", id(3), "unread", count(2));
    rig.settle();
    shows(false, 2, "n4", "n2");
    rig.advance(InboxView.QUIET.plusMillis(1));
    answer(socket, 2, null, 4, 2, 1);
    shows(true, 2, "n4", "n2", "n1");
  }

  @Test
  void without_a_connection_it_keeps_what_it_has_and_is_read_again_afterwards() {
    loaded(1, null, 1);
    FakeSocket second = rig.reopened();
    shows(false, 1, "n1");
    second.welcome(1, "c1");
    second.notification(2);
    rig.settle();
    shows(false, 4, "n2", "n1");
    rig.advance(InboxView.QUIET.plusMillis(1));
    answer(second, 2, null, 2, 1);
    shows(true, 2, "n2", "n1");
  }

  @Test
  void a_count_that_the_server_tells_otherwise_is_believed_and_the_list_is_read() {
    FakeSocket socket = loaded(1, null, 1);
    socket.push("notification.synced", "cursor", "c1", "unread", count(1));
    rig.settle();
    shows(true, 1, "n1");
    socket.push("notification.synced", "cursor", "c2", "unread", count(0));
    rig.settle();
    shows(false, 0, "n1");
    rig.advance(InboxView.QUIET.plusMillis(1));
    assertThat(reads(socket)).isEqualTo(2);
  }

  @Test
  void a_store_that_is_away_is_asked_again() {
    FakeSocket socket = rig.connected();
    socket.refuseCall("notification.list", ErrorCode.UNAVAILABLE);
    rig.advance(InboxView.PAUSE);
    socket.answer("notification.list", "notifications", List.of(), "next_cursor", null);
    rig.settle();
    socket.refuseCall("notification.unread_count", ErrorCode.UNAVAILABLE);
    rig.advance(InboxView.PAUSE);
    answer(socket, 1, null, 1);
    shows(true, 1, "n1");
  }

  @Test
  void listeners_hear_the_content_at_once_and_then_the_newest_of_what_follows() {
    FakeSocket socket = loaded(0, null);
    List<Integer> heard = new ArrayList<>();
    inbox.onChange(content -> heard.add(content.notifications().size()));
    rig.settle();
    rig.callbacksBlocked = true;
    socket.notification(1);
    socket.notification(2);
    rig.settle();
    rig.callbacksBlocked = false;
    rig.settle();
    assertThat(heard).containsExactly(0, 2);
  }

  @Test
  void a_closed_inbox_stays_as_it_is_and_asks_nothing_more() {
    FakeSocket socket = loaded(1, null, 1);
    boolean current = inbox.content().current();
    List<InboxContent> told = new ArrayList<>();
    inbox.onChange(told::add);
    rig.settle();
    told.clear();
    inbox.close();
    socket.notification(2);
    rig.advance(Duration.ofMinutes(1));
    assertThat(inbox.content().notifications()).hasSize(1);
    assertThat(inbox.content().current()).isEqualTo(current).isTrue();
    assertThat(told).isEmpty();
    assertThat(reads(socket)).isEqualTo(1);
  }

  @Test
  void the_count_alone_is_told_when_it_is_known_and_when_it_changes() {
    List<Integer> told = new ArrayList<>();
    rig.notificationCalls.onUnreadChanged(unread -> told.add(unread.count()));
    FakeSocket socket = rig.connected();
    answer(socket, 2, null, 2, 1);
    assertThat(told).isEmpty();
    socket.answer(socket.calls("notification.unread_count").get(0), "count", 2, "capped", false);
    rig.settle();
    assertThat(told).containsExactly(2);
    alone();
    socket.notification(3);
    rig.settle();
    socket.push("notification.synced", "cursor", "c1", "unread", count(3));
    rig.settle();
    assertThat(told).containsExactly(2, 3);
    assertThat(reads(socket)).as("of the inbox only").isEqualTo(1);
  }

  @Test
  void an_inbox_has_a_size_that_fits_a_page() {
    assertThatThrownBy(() -> rig.notificationCalls.inbox(0)).hasMessageContaining("1 to 100");
    assertThatThrownBy(() -> rig.notificationCalls.inbox(101)).hasMessageContaining("1 to 100");
  }
}
