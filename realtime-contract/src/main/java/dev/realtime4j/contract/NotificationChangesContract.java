package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.ContractThreads.together;
import static dev.realtime4j.contract.NotificationSamples.all;
import static dev.realtime4j.contract.NotificationSamples.ids;
import static dev.realtime4j.contract.NotificationSamples.keyed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationChanges.Read;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The laws of {@link NotificationChanges}. */
public abstract class NotificationChangesContract extends NotificationContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
  private static final Instant NOON_KEPT = NOON.truncatedTo(ChronoUnit.MICROS);

  /** The changes to test; may be the same for each test. */
  protected abstract NotificationChanges changes();

  /** Shows what is stored. */
  protected abstract NotificationQueries queries();

  /** From which a deleted notification goes, too. */
  protected abstract NotificationOutbox outbox();

  @Test
  void the_first_read_wins() {
    UserId user = user();
    Notification stored = stored(user, "read me");

    assertThat(changes().read(user, stored.id(), NOON))
        .contains(new Read(NOON_KEPT, Read.Outcome.FIRST));
    assertThat(changes().read(user, stored.id(), NOON.plusSeconds(9)))
        .contains(new Read(NOON_KEPT, Read.Outcome.AGAIN));
    assertThat(all(queries(), user).get(0).readAt()).isEqualTo(NOON_KEPT);
  }

  @Test
  void of_readers_at_once_one_is_first() throws Exception {
    UserId user = user();
    Notification stored = stored(user, "read me");
    AtomicInteger second = new AtomicInteger();
    List<Read> reads =
        together(
            6,
            () ->
                changes()
                    .read(user, stored.id(), NOON.plusSeconds(second.getAndIncrement()))
                    .orElseThrow());
    assertThat(reads).filteredOn(read -> read.outcome() == Read.Outcome.FIRST).hasSize(1);
    assertThat(reads).extracting(Read::readAt).containsOnly(all(queries(), user).get(0).readAt());
  }

  @Test
  void another_users_notification_is_not_found() {
    UserId owner = user();
    UserId other = user();
    Notification stored = stored(owner, "private");

    assertThat(changes().read(other, stored.id(), NOON)).isEmpty();
    assertThat(changes().readAll(other, stored.id(), NOON)).isZero();
    assertThat(changes().delete(other, stored.id())).isFalse();

    assertThat(all(queries(), owner)).containsExactly(stored);
  }

  @Test
  void an_unknown_notification_is_not_found() {
    assertThat(changes().read(user(), next(), NOON)).isEmpty();
    assertThat(changes().delete(user(), next())).isFalse();
  }

  @Test
  void read_all_marks_what_is_unread_up_to_the_given_one() {
    UserId user = user();
    List<Notification> stored = stored(user, 5);
    changes().read(user, stored.get(1).id(), NOON.minusSeconds(60));

    assertThat(changes().readAll(user, stored.get(3).id(), NOON)).isEqualTo(3);
    assertThat(changes().readAll(user, stored.get(3).id(), NOON.plusSeconds(1))).isZero();

    assertThat(all(queries(), user))
        .extracting(Notification::readAt)
        .containsExactly(null, NOON_KEPT, NOON_KEPT, NOON_KEPT.minusSeconds(60), NOON_KEPT);
  }

  @Test
  void read_all_takes_an_id_that_does_not_exist() {
    UserId user = user();
    stored(user, 2);
    NotificationId between = next();
    Notification later = stored(user, "later");
    assertThat(changes().readAll(user, between, NOON)).isEqualTo(2);
    assertThat(queries().list(user, NotificationFilter.UNREAD, PageRequest.first(9)).items())
        .containsExactly(later);
  }

  @Test
  void a_deleted_notification_is_gone_and_cannot_be_deleted_again() {
    UserId user = user();
    List<Notification> stored = stored(user, 2);
    assertThat(changes().delete(user, stored.get(0).id())).isTrue();
    assertThat(changes().delete(user, stored.get(0).id())).isFalse();
    assertThat(changes().read(user, stored.get(0).id(), NOON)).isEmpty();
    assertThat(all(queries(), user)).containsExactly(stored.get(1));
  }

  @Test
  void a_deleted_notification_does_not_come_back_by_its_key() {
    UserId user = user();
    Notification first = store().insert(next(), keyed(user, "gone", "gone")).notification();
    changes().delete(user, first.id());

    Stored repeated = store().insert(next(), keyed(user, "gone", "gone"));

    assertThat(repeated.outcome()).isEqualTo(Stored.Outcome.REPEATED);
    assertThat(repeated.notification().id()).isEqualTo(first.id());
    assertThat(all(queries(), user)).isEmpty();
  }

  @Test
  void a_deleted_notification_is_not_pushed() {
    UserId user = user();
    Notification stored = stored(user, "deleted");
    changes().delete(user, stored.id());
    assertThat(outbox().pending(List.of(stored.id()))).isEmpty();
    assertThat(ids(outbox().claimOutbox(Duration.ZERO, 1000))).doesNotContain(stored.id());
  }
}
