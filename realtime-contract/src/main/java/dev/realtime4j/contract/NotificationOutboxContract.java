package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.ids;
import static dev.realtime4j.contract.NotificationSamples.keyed;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link NotificationOutbox}. Each test begins by emptying it. */
public abstract class NotificationOutboxContract extends NotificationContract {
  private static final Duration HOUR = Duration.ofHours(1);

  /** The outbox to test, which {@link #store} fills; may be the same for each test. */
  protected abstract NotificationOutbox outbox();

  @BeforeEach
  void nothing_waits() {
    List<Notification> claimed;
    do {
      claimed = outbox().claimOutbox(Duration.ZERO, 1000);
      outbox().removeFromOutbox(ids(claimed));
    } while (!claimed.isEmpty());
  }

  @Test
  void what_was_inserted_is_pending_until_it_is_removed() {
    List<Notification> stored = stored(user(), 3);
    assertThat(outbox().pending(ids(stored))).containsExactlyElementsOf(stored);

    outbox().removeFromOutbox(List.of(stored.get(1).id()));

    assertThat(outbox().pending(ids(stored))).containsExactly(stored.get(0), stored.get(2));
  }

  @Test
  void what_was_inserted_for_all_is_pending_for_each() {
    List<UserId> users = List.of(user(), user());
    NotificationContent content = titled(users.get(0), "to all").content();
    List<Notification> stored = store().insertForAll(next(2), users, content, null);
    assertThat(outbox().pending(ids(stored))).containsExactlyElementsOf(stored);
  }

  @Test
  void what_only_repeats_an_idempotency_key_is_not_pushed_again() {
    UserId user = user();
    NotificationId first = next();
    NotificationId second = next();
    store().insert(first, keyed(user, "paid", "order"));
    store().insert(second, keyed(user, "paid", "order"));
    assertThat(ids(outbox().pending(List.of(first, second)))).containsExactly(first);
  }

  @Test
  void removing_unknown_ids_and_none_is_ignored() {
    outbox().removeFromOutbox(List.of(next(), next()));
    outbox().removeFromOutbox(List.<NotificationId>of());
    assertThat(outbox().pending(List.of())).isEmpty();
    assertThat(outbox().pending(List.of(next()))).isEmpty();
  }

  @Test
  void an_entry_within_its_lease_is_nobodys_to_claim() {
    stored(user(), "young");
    assertThat(outbox().claimOutbox(HOUR, 10)).isEmpty();
  }

  @Test
  void the_oldest_are_claimed_first_up_to_the_limit() {
    List<Notification> stored = stored(user(), 5);
    assertThat(ids(outbox().claimOutbox(Duration.ZERO, 2)))
        .containsExactlyElementsOf(ids(stored.subList(0, 2)));
  }

  @Test
  void a_claimed_entry_is_claimed_again_only_after_the_lease() {
    Notification stored = stored(user(), "claimed");
    assertThat(outbox().claimOutbox(Duration.ZERO, 10)).containsExactly(stored);
    assertThat(outbox().claimOutbox(HOUR, 10)).isEmpty();
    assertThat(outbox().claimOutbox(Duration.ZERO, 10)).containsExactly(stored);
  }

  @Test
  void a_claimed_entry_is_still_pending() {
    Notification stored = stored(user(), "claimed");
    outbox().claimOutbox(Duration.ZERO, 10);
    assertThat(outbox().pending(List.of(stored.id()))).containsExactly(stored);
  }

  @Test
  void a_removed_entry_is_never_claimed() {
    Notification stored = stored(user(), "pushed");
    outbox().removeFromOutbox(List.of(stored.id()));
    assertThat(outbox().claimOutbox(Duration.ZERO, 10)).isEmpty();
  }

  @Test
  void the_backlog_counts_what_waits_and_tells_the_age_of_the_oldest() {
    assertThat(outbox().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
    List<Notification> stored = stored(user(), 3);

    OutboxBacklog backlog = outbox().outboxBacklog();
    assertThat(backlog.waiting()).isEqualTo(3);
    assertThat(backlog.oldest()).isBetween(Duration.ZERO, HOUR);

    outbox().claimOutbox(Duration.ZERO, 10);
    assertThat(outbox().outboxBacklog().waiting()).isEqualTo(3);
    assertThat(outbox().outboxBacklog().oldest()).isGreaterThanOrEqualTo(backlog.oldest());
    outbox().removeFromOutbox(ids(stored));
    assertThat(outbox().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
  }
}
