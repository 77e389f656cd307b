package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractAssertions.assertBadRequest;
import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.ContractThreads.together;
import static dev.realtime4j.contract.NotificationSamples.all;
import static dev.realtime4j.contract.NotificationSamples.keyed;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.api.notification.NotificationType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of {@link NotificationStore}. Its idempotency keys are emptied by some tests. */
public abstract class NotificationStoreContract extends NotificationContract {
  private static final Duration HOUR = Duration.ofHours(1);

  /** Shows what is stored. */
  protected abstract NotificationQueries queries();

  @Test
  void what_insert_answers_is_what_the_list_shows() {
    UserId user = user();
    NotificationId id = next();
    NewNotification given =
        NewNotification.to(user)
            .type(NotificationType.ALERT)
            .title("Ünïcode 🎉 'quoted' :name <b> ?")
            .body("two\nlines")
            .data(Json.parse("{\"link\":\"/a b/{c}: [1, 2]\\n\"}"))
            .build();

    Stored stored = store().insert(id, given);

    assertThat(stored.outcome()).isEqualTo(Outcome.NEW);
    assertThat(stored.notification().id()).isEqualTo(id);
    assertThat(stored.notification().userId()).isEqualTo(user);
    assertThat(stored.notification().content()).isEqualTo(given.content());
    assertThat(stored.notification().readAt()).isNull();
    assertThat(all(queries(), user)).containsExactly(stored.notification());
  }

  @Test
  void what_may_not_wait_long_is_stored_as_what_may() {
    UserId user = user();
    List<NewNotification> given = List.of(keyed(user, "with", "key"), titled(user, "without"));
    Duration wait = Duration.ofMillis(500);

    List<Stored> stored = store().insertAll(next(2), given, wait);
    List<Stored> again = store().insertAll(next(2), given, wait);

    assertThat(stored).extracting(Stored::outcome).containsExactly(Outcome.NEW, Outcome.NEW);
    assertThat(again).extracting(Stored::outcome).containsExactly(Outcome.REPEATED, Outcome.NEW);
    assertThat(again.get(0).notification().id()).isEqualTo(stored.get(0).notification().id());
    assertThat(all(queries(), user)).hasSize(3);
  }

  @Test
  void the_largest_content_is_stored_and_comes_back() {
    UserId user = user();
    String numbers = "1,".repeat(8_000) + "1";
    NotificationContent largest =
        new NotificationContent(
            NotificationType.INFO,
            "🎉".repeat(255),
            "é".repeat(8 * 1024),
            Json.parse("{\"n\":[" + numbers + "]}"));
    store().insert(next(), new NewNotification(user, largest, null));
    assertThat(all(queries(), user)).extracting(Notification::content).containsExactly(largest);
  }

  @Test
  void times_are_kept_to_the_microsecond() {
    UserId user = user();
    Notification stored = stored(user, "now");
    assertThat(stored.createdAt()).isEqualTo(stored.createdAt().truncatedTo(ChronoUnit.MICROS));
    assertThat(all(queries(), user).get(0).createdAt()).isEqualTo(stored.createdAt());
  }

  @Test
  void insert_all_answers_in_the_order_given() {
    UserId one = user();
    UserId two = user();
    List<NotificationId> ids = next(3);
    List<Stored> stored =
        store().insertAll(ids, List.of(titled(two, "a"), titled(one, "b"), titled(two, "c")));
    assertThat(stored)
        .extracting(s -> s.notification().id(), s -> s.notification().content().title())
        .containsExactly(tuple(ids.get(0), "a"), tuple(ids.get(1), "b"), tuple(ids.get(2), "c"));
    assertThat(all(queries(), two)).hasSize(2);
  }

  @Test
  void inserting_none_stores_none() {
    assertThat(store().insertAll(List.of(), List.of())).isEmpty();
    NotificationContent content = titled(user(), "x").content();
    assertThat(store().insertForAll(List.of(), List.of(), content, null)).isEmpty();
  }

  @Test
  void an_id_that_was_used_before_is_refused() {
    Notification stored = stored(user(), "first");
    assertBadRequest(() -> store().insert(stored.id(), titled(user(), "second")));
  }

  @Test
  void the_same_key_and_content_answers_the_first_notification_and_writes_nothing() {
    UserId user = user();
    Notification first = store().insert(next(), keyed(user, "paid", "order-1")).notification();

    Stored repeated = store().insert(next(), keyed(user, "paid", "order-1"));

    assertThat(repeated.outcome()).isEqualTo(Outcome.REPEATED);
    assertThat(repeated.notification()).isEqualTo(first);
    assertThat(all(queries(), user)).containsExactly(first);
  }

  @Test
  void the_order_of_the_members_of_data_does_not_make_another_content() {
    UserId user = user();
    NewNotification.Builder builder =
        NewNotification.to(user).title("same").idempotencyKey("members");
    store().insert(next(), builder.data(Json.parse("{\"a\":{\"c\":1,\"b\":2}}")).build());
    Stored repeated =
        store().insert(next(), builder.data(Json.parse("{\"a\":{\"b\":2,\"c\":1}}")).build());
    assertThat(repeated.outcome()).isEqualTo(Outcome.REPEATED);
  }

  @Test
  void the_same_key_with_another_content_is_a_conflict_that_names_the_first() {
    UserId user = user();
    Notification first = store().insert(next(), keyed(user, "paid", "order-2")).notification();
    Stored conflict = store().insert(next(), keyed(user, "cancelled", "order-2"));
    assertThat(conflict.outcome()).isEqualTo(Outcome.CONFLICT);
    assertThat(conflict.notification()).isEqualTo(first);
    assertThat(all(queries(), user)).containsExactly(first);
  }

  @Test
  void a_key_belongs_to_one_receiver() {
    UserId other = user();
    store().insert(next(), keyed(user(), "hello", "shared"));
    assertThat(store().insert(next(), keyed(other, "hello", "shared")).outcome())
        .isEqualTo(Outcome.NEW);
  }

  @Test
  void a_key_that_stands_twice_in_a_batch_is_used_once() {
    UserId user = user();
    List<Stored> stored =
        store()
            .insertAll(
                next(3),
                List.of(
                    keyed(user, "once", "twin"),
                    titled(user, "between"),
                    keyed(user, "once", "twin")));
    assertThat(stored)
        .extracting(Stored::outcome)
        .containsExactlyInAnyOrder(Outcome.NEW, Outcome.NEW, Outcome.REPEATED);
    assertThat(stored.get(0).notification().id()).isEqualTo(stored.get(2).notification().id());
    assertThat(all(queries(), user)).hasSize(2);
  }

  @Test
  void threads_that_use_one_key_at_once_end_in_one_notification() throws Exception {
    UserId user = user();
    List<Stored> stored = together(8, () -> store().insert(next(), keyed(user, "raced", "race")));
    assertThat(stored).filteredOn(s -> s.outcome() == Outcome.NEW).hasSize(1);
    assertThat(stored).filteredOn(s -> s.outcome() == Outcome.REPEATED).hasSize(7);
    assertThat(stored)
        .extracting(s -> s.notification().id())
        .containsOnly(all(queries(), user).get(0).id());
  }

  @Test
  void a_purged_key_can_be_used_anew_and_a_young_one_is_not_purged() {
    UserId user = user();
    store().insert(next(), keyed(user, "again", "purged"));
    store().purgeIdempotencyKeys(HOUR);
    assertThat(store().insert(next(), keyed(user, "again", "purged")).outcome())
        .isEqualTo(Outcome.REPEATED);
    assertThat(store().purgeIdempotencyKeys(Duration.ZERO)).isPositive();
    assertThat(store().insert(next(), keyed(user, "again", "purged")).outcome())
        .isEqualTo(Outcome.NEW);
  }

  @Test
  void insert_for_all_stores_one_for_each_receiver_in_the_order_given() {
    List<UserId> users = List.of(user(), user(), user());
    List<NotificationId> ids = next(3);
    NotificationContent content = titled(users.get(0), "to all").content();
    List<Notification> stored = store().insertForAll(ids, users, content, null);
    assertThat(stored).extracting(Notification::id).containsExactlyElementsOf(ids);
    assertThat(stored).extracting(Notification::userId).containsExactlyElementsOf(users);
    for (Notification each : stored) {
      assertThat(all(queries(), each.userId())).containsExactly(each);
    }
  }

  @Test
  void insert_for_all_skips_receivers_that_have_the_key() {
    UserId had = user();
    UserId fresh = user();
    NotificationContent content = titled(had, "campaign").content();
    store().insertForAll(next(1), List.of(had), content, "campaign-1");

    List<Notification> stored =
        store().insertForAll(next(2), List.of(had, fresh), content, "campaign-1");

    assertThat(stored).extracting(Notification::userId).containsExactly(fresh);
    assertThat(all(queries(), had)).hasSize(1);
    assertThat(all(queries(), fresh)).hasSize(1);
  }

  @Test
  void insert_for_all_stores_nothing_when_one_has_the_key_with_another_content() {
    UserId had = user();
    UserId fresh = user();
    store().insert(next(), keyed(had, "something else", "campaign-2"));
    NotificationContent content = titled(had, "campaign").content();

    assertThatThrownBy(
            () -> store().insertForAll(next(2), List.of(fresh, had), content, "campaign-2"))
        .isInstanceOf(IdempotencyConflictException.class)
        .hasMessageContaining(had.toString())
        .hasMessageNotContaining("campaign-2");

    assertThat(all(queries(), fresh)).isEmpty();
    assertThat(all(queries(), had)).hasSize(1);
  }

  @Test
  void a_key_that_a_store_could_not_tell_from_another_is_refused_for_all_of_them() {
    UserId user = user();
    for (String key : new String[] {"", "k\0", "k\ud800", "x".repeat(256)}) {
      assertBadRequest(
          () ->
              store()
                  .insertForAll(List.of(next()), List.of(user), titled(user, "x").content(), key));
    }
    assertThat(all(queries(), user)).isEmpty();
  }
}
