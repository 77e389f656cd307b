package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationRepositoryContract.HOUR;
import static dev.realtime4j.contract.NotificationRepositoryContract.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class NotificationOutboxLaws extends NotificationLaws {
  @BeforeEach
  void nothing_waits() {
    contract().emptyOutbox();
  }

  @Test
  void what_was_inserted_is_pending_until_it_is_removed() {
    List<Notification> stored = contract().stored(user(), 3);
    assertThat(repository().pending(ids(stored))).containsExactlyElementsOf(stored);

    repository().removeFromOutbox(List.of(stored.get(1).id()));

    assertThat(repository().pending(ids(stored))).containsExactly(stored.get(0), stored.get(2));
  }

  @Test
  void removing_unknown_ids_and_none_is_ignored() {
    repository().removeFromOutbox(List.of(next(), next()));
    repository().removeFromOutbox(List.<NotificationId>of());
    assertThat(repository().pending(List.of())).isEmpty();
    assertThat(repository().pending(List.of(next()))).isEmpty();
  }

  @Test
  void an_entry_within_its_lease_is_nobodys_to_claim() {
    contract().stored(user(), "young");
    assertThat(repository().claimOutbox(HOUR, 10)).isEmpty();
  }

  @Test
  void the_oldest_are_claimed_first_up_to_the_limit() {
    List<Notification> stored = contract().stored(user(), 5);
    assertThat(ids(repository().claimOutbox(Duration.ZERO, 2)))
        .containsExactlyElementsOf(ids(stored.subList(0, 2)));
  }

  @Test
  void a_claimed_entry_is_claimed_again_only_after_the_lease() {
    Notification stored = contract().stored(user(), "claimed");
    assertThat(repository().claimOutbox(Duration.ZERO, 10)).containsExactly(stored);
    assertThat(repository().claimOutbox(HOUR, 10)).isEmpty();
    assertThat(repository().claimOutbox(Duration.ZERO, 10)).containsExactly(stored);
  }

  @Test
  void a_claimed_entry_is_still_pending() {
    Notification stored = contract().stored(user(), "claimed");
    repository().claimOutbox(Duration.ZERO, 10);
    assertThat(repository().pending(List.of(stored.id()))).containsExactly(stored);
  }

  @Test
  void a_removed_entry_is_never_claimed() {
    Notification stored = contract().stored(user(), "pushed");
    repository().removeFromOutbox(List.of(stored.id()));
    assertThat(repository().claimOutbox(Duration.ZERO, 10)).isEmpty();
  }

  @Test
  void the_backlog_counts_what_waits_and_tells_the_age_of_the_oldest() {
    assertThat(repository().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
    List<Notification> stored = contract().stored(user(), 3);

    OutboxBacklog backlog = repository().outboxBacklog();
    assertThat(backlog.waiting()).isEqualTo(3);
    assertThat(backlog.oldest()).isBetween(Duration.ZERO, HOUR);

    repository().claimOutbox(Duration.ZERO, 10);
    assertThat(repository().outboxBacklog().waiting()).isEqualTo(3);
    assertThat(repository().outboxBacklog().oldest()).isGreaterThanOrEqualTo(backlog.oldest());
    repository().removeFromOutbox(ids(stored));
    assertThat(repository().outboxBacklog()).isEqualTo(OutboxBacklog.EMPTY);
  }

  @Test
  void a_deleted_notification_is_not_pushed() {
    UserId user = user();
    Notification stored = contract().stored(user, "deleted");
    repository().delete(user, stored.id());
    assertThat(repository().pending(List.of(stored.id()))).isEmpty();
    assertThat(repository().claimOutbox(Duration.ZERO, 10)).isEmpty();
  }
}
