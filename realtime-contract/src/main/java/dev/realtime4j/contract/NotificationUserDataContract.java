package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.all;
import static dev.realtime4j.contract.NotificationSamples.keyed;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationUserData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of {@link NotificationUserData}. */
public abstract class NotificationUserDataContract extends NotificationContract {
  /** The user data to test; may be the same for each test. */
  protected abstract NotificationUserData userData();

  /** Shows what is stored. */
  protected abstract NotificationQueries queries();

  /** Whose entries are erased, too. */
  protected abstract NotificationOutbox outbox();

  @Test
  void the_keys_of_a_user_are_told_oldest_first_until_they_are_erased() {
    UserId user = user();
    store().insert(next(), keyed(user(), "another's", "a"));
    Notification first = store().insert(next(), keyed(user, "one", "z")).notification();
    Notification second = store().insert(next(), keyed(user, "two", "y")).notification();
    store().insert(next(), titled(user, "without"));

    assertThat(userData().idempotencyKeys(user))
        .extracting(IdempotencyKey::text, IdempotencyKey::notification)
        .containsExactly(tuple("z", first.id()), tuple("y", second.id()));
    assertThat(userData().idempotencyKeys(user).toString()).doesNotContain("=z", "[z");

    userData().erase(user);
    assertThat(userData().idempotencyKeys(user)).isEmpty();
  }

  @Test
  void export_hands_over_everything_oldest_first() {
    UserId user = user();
    List<Notification> stored = stored(user, 250);
    List<Notification> exported = new ArrayList<>();
    userData().export(user, exported::add);
    assertThat(exported).isEqualTo(stored);
  }

  @Test
  void what_the_sink_of_an_export_throws_reaches_the_caller() {
    UserId user = user();
    stored(user, 2);
    IllegalStateException full = new IllegalStateException("disk full");
    assertThatThrownBy(
            () ->
                userData()
                    .export(
                        user,
                        notification -> {
                          throw full;
                        }))
        .isSameAs(full);
  }

  @Test
  void erasing_removes_every_row_of_the_user_and_of_nobody_else() {
    UserId user = user();
    UserId other = user();
    Notification gone = store().insert(next(), keyed(user, "x", "key")).notification();
    Notification kept = stored(other, "kept");

    // The notification, its outbox entry, its key.
    assertThat(userData().erase(user)).isEqualTo(3);
    assertThat(userData().erase(user)).isZero();

    assertThat(all(queries(), user)).isEmpty();
    assertThat(outbox().pending(List.of(gone.id(), kept.id()))).containsExactly(kept);
    assertThat(all(queries(), other)).containsExactly(kept);
    assertThat(store().insert(next(), keyed(user, "x", "key")).outcome())
        .isEqualTo(Stored.Outcome.NEW);
  }
}
