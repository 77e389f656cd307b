package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractAssertions.assertBadRequest;
import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.heavy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.UnreadCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of {@link NotificationQueries}. */
public abstract class NotificationQueriesContract extends NotificationContract {
  /** The queries to test; may be the same for each test. */
  protected abstract NotificationQueries queries();

  /** Reads notifications, so that they are not unread any more. */
  protected abstract NotificationChanges changes();

  private List<Notification> walk(UserId user, NotificationFilter filter, int limit) {
    List<Notification> all = new ArrayList<>();
    String cursor = null;
    do {
      Page<Notification> page = queries().list(user, filter, new PageRequest(limit, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    return all;
  }

  private static List<Notification> reversed(List<Notification> list) {
    List<Notification> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  @Test
  void a_user_without_notifications_has_one_empty_page() {
    Page<Notification> page = queries().list(user(), NotificationFilter.ALL, PageRequest.first(20));
    assertThat(page.items()).isEmpty();
    assertThat(page.nextCursor()).isNull();
  }

  @Test
  void pages_follow_each_other_newest_first_without_a_gap() {
    UserId user = user();
    List<Notification> stored = stored(user, 7);
    stored(user(), "another user's");
    assertThat(walk(user, NotificationFilter.ALL, 3)).isEqualTo(reversed(stored));
    assertThat(walk(user, NotificationFilter.ALL, 7)).isEqualTo(reversed(stored));
    assertThat(queries().list(user, NotificationFilter.ALL, PageRequest.first(7)).nextCursor())
        .isNull();
  }

  @Test
  void what_is_stored_later_does_not_shift_the_next_page() {
    UserId user = user();
    List<Notification> stored = stored(user, 4);
    Page<Notification> newest = queries().list(user, NotificationFilter.ALL, PageRequest.first(2));
    stored(user, "later");
    assertThat(
            queries()
                .list(user, NotificationFilter.ALL, new PageRequest(2, newest.nextCursor()))
                .items())
        .isEqualTo(reversed(stored.subList(0, 2)));
  }

  @Test
  void filters_apply_to_reading_and_type() {
    UserId user = user();
    Notification info = stored(user, "info");
    NewNotification alarm =
        NewNotification.to(user).type(NotificationType.ALERT).title("alert").build();
    Notification read = store().insert(next(), alarm).notification();
    Notification alert = store().insert(next(), alarm).notification();
    changes().read(user, read.id(), Instant.now());

    assertThat(walk(user, NotificationFilter.UNREAD, 1)).containsExactly(alert, info);
    assertThat(walk(user, new NotificationFilter(ReadState.ALL, NotificationType.ALERT), 1))
        .extracting(Notification::id)
        .containsExactly(alert.id(), read.id());
    assertThat(walk(user, new NotificationFilter(ReadState.UNREAD, NotificationType.ALERT), 1))
        .containsExactly(alert);
    assertThat(walk(user, new NotificationFilter(ReadState.ALL, NotificationType.WARNING), 1))
        .isEmpty();
  }

  @Test
  void a_page_ends_before_its_content_is_too_large() {
    UserId user = user();
    for (int i = 0; i < 40; i++) {
      store().insert(next(), new NewNotification(user, heavy(16), null));
    }
    Page<Notification> page = queries().list(user, NotificationFilter.ALL, PageRequest.first(100));
    assertThat(page.items().stream().mapToInt(item -> item.content().bytes()).sum())
        .isBetween(NotificationQueries.MAX_ANSWER_BYTES / 2, NotificationQueries.MAX_ANSWER_BYTES);
    assertThat(page.nextCursor()).isNotNull();
    assertThat(walk(user, NotificationFilter.ALL, 100)).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void a_cursor_that_is_none_is_refused() {
    assertBadRequest(
        () ->
            queries().list(user(), NotificationFilter.ALL, new PageRequest(10, "'; drop table x")));
  }

  @Test
  void unread_ones_are_counted_exactly_up_to_the_cap() {
    UserId user = user();
    assertThat(queries().unreadCount(user)).isEqualTo(UnreadCount.of(0));
    List<Notification> stored = stored(user, UnreadCount.CAP);
    assertThat(queries().unreadCount(user)).isEqualTo(new UnreadCount(1000, false));
    stored(user, "one more");
    assertThat(queries().unreadCount(user)).isEqualTo(new UnreadCount(1000, true));
    changes().read(user, stored.get(0).id(), Instant.now());
    changes().read(user, stored.get(1).id(), Instant.now());
    assertThat(queries().unreadCount(user)).isEqualTo(new UnreadCount(999, false));
  }

  @Test
  void the_unread_ones_of_many_users_are_counted_at_once() {
    UserId two = user();
    UserId none = user();
    UserId many = user();
    stored(two, 3);
    Notification read = stored(two, "read");
    changes().read(two, read.id(), Instant.now());
    stored(many, UnreadCount.CAP + 1);
    assertThat(queries().unreadCounts(List.of(two, none, many)))
        .containsOnly(
            entry(two, UnreadCount.of(3)),
            entry(none, UnreadCount.of(0)),
            entry(many, new UnreadCount(UnreadCount.CAP, true)));
    assertThat(queries().unreadCounts(List.of())).isEmpty();
  }
}
