package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationRepositoryContract.keyed;
import static dev.realtime4j.contract.NotificationRepositoryContract.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationChanges.Read;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

abstract class NotificationChangeLaws extends NotificationLaws {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
  private static final Instant NOON_KEPT = NOON.truncatedTo(ChronoUnit.MICROS);

  private List<Notification> all(UserId user) {
    return repository().list(user, NotificationFilter.ALL, PageRequest.first(100)).items();
  }

  @Test
  void the_first_read_wins() {
    UserId user = user();
    Notification stored = contract().stored(user, "read me");

    assertThat(repository().read(user, stored.id(), NOON))
        .contains(new Read(NOON_KEPT, Read.Outcome.FIRST));
    assertThat(repository().read(user, stored.id(), NOON.plusSeconds(9)))
        .contains(new Read(NOON_KEPT, Read.Outcome.AGAIN));
    assertThat(all(user).get(0).readAt()).isEqualTo(NOON_KEPT);
  }

  @Test
  void of_readers_at_once_one_is_first() throws Exception {
    UserId user = user();
    Notification stored = contract().stored(user, "read me");
    AtomicInteger second = new AtomicInteger();
    List<Read> reads =
        together(
            6,
            () ->
                repository()
                    .read(user, stored.id(), NOON.plusSeconds(second.getAndIncrement()))
                    .orElseThrow());
    assertThat(reads).filteredOn(read -> read.outcome() == Read.Outcome.FIRST).hasSize(1);
    assertThat(reads).extracting(Read::readAt).containsOnly(all(user).get(0).readAt());
  }

  @Test
  void another_users_notification_is_not_found() {
    UserId owner = user();
    UserId other = user();
    Notification stored = contract().stored(owner, "private");

    assertThat(repository().read(other, stored.id(), NOON)).isEmpty();
    assertThat(repository().readAll(other, stored.id(), NOON)).isZero();
    assertThat(repository().delete(other, stored.id())).isFalse();

    assertThat(all(owner)).containsExactly(stored);
  }

  @Test
  void an_unknown_notification_is_not_found() {
    assertThat(repository().read(user(), next(), NOON)).isEmpty();
    assertThat(repository().delete(user(), next())).isFalse();
  }

  @Test
  void read_all_marks_what_is_unread_up_to_the_given_one() {
    UserId user = user();
    List<Notification> stored = contract().stored(user, 5);
    repository().read(user, stored.get(1).id(), NOON.minusSeconds(60));

    assertThat(repository().readAll(user, stored.get(3).id(), NOON)).isEqualTo(3);
    assertThat(repository().readAll(user, stored.get(3).id(), NOON.plusSeconds(1))).isZero();

    assertThat(all(user))
        .extracting(Notification::readAt)
        .containsExactly(null, NOON_KEPT, NOON_KEPT, NOON_KEPT.minusSeconds(60), NOON_KEPT);
  }

  @Test
  void read_all_takes_an_id_that_does_not_exist() {
    UserId user = user();
    contract().stored(user, 2);
    NotificationId between = next();
    Notification later = contract().stored(user, "later");
    assertThat(repository().readAll(user, between, NOON)).isEqualTo(2);
    assertThat(repository().list(user, NotificationFilter.UNREAD, PageRequest.first(9)).items())
        .containsExactly(later);
  }

  @Test
  void a_deleted_notification_is_gone_and_cannot_be_deleted_again() {
    UserId user = user();
    List<Notification> stored = contract().stored(user, 2);
    assertThat(repository().delete(user, stored.get(0).id())).isTrue();
    assertThat(repository().delete(user, stored.get(0).id())).isFalse();
    assertThat(repository().read(user, stored.get(0).id(), NOON)).isEmpty();
    assertThat(all(user)).containsExactly(stored.get(1));
  }

  @Test
  void erasing_removes_every_row_of_the_user_and_of_nobody_else() {
    UserId user = user();
    UserId other = user();
    Notification gone = repository().insert(next(), keyed(user, "x", "key")).notification();
    Notification kept = contract().stored(other, "kept");

    // The notification, its outbox entry, its key.
    assertThat(repository().erase(user)).isEqualTo(3);
    assertThat(repository().erase(user)).isZero();

    assertThat(all(user)).isEmpty();
    assertThat(repository().pending(List.of(gone.id(), kept.id()))).containsExactly(kept);
    assertThat(all(other)).containsExactly(kept);
    assertThat(repository().insert(next(), keyed(user, "x", "key")).outcome())
        .isEqualTo(Stored.Outcome.NEW);
  }
}
