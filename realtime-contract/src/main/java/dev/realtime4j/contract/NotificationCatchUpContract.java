package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.ContractThreads.together;
import static dev.realtime4j.contract.NotificationSamples.heavy;
import static dev.realtime4j.contract.NotificationSamples.ids;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.SyncResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of {@link NotificationCatchUp}. */
public abstract class NotificationCatchUpContract extends NotificationContract {
  private static final int LIMIT = 200;
  private static final Duration HOUR = Duration.ofHours(1);

  /** The catch-up to test; may be the same for each test. */
  protected abstract NotificationCatchUp catchUp();

  /** Deletes what is then not missed. */
  protected abstract NotificationChanges changes();

  private SyncResult first(UserId user) {
    return catchUp().sync(Map.of(user, Optional.empty()), LIMIT).get(user);
  }

  private SyncResult since(UserId user, SyncCursor cursor, int limit) {
    return catchUp().sync(Map.of(user, Optional.of(cursor)), limit).get(user);
  }

  private SyncResult since(UserId user, SyncCursor cursor) {
    return since(user, cursor, LIMIT);
  }

  @Test
  void without_a_cursor_nothing_was_missed_and_there_is_a_first_cursor() {
    UserId user = user();
    stored(user, "before");
    SyncResult sync = first(user);
    assertThat(sync.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(sync.missed()).isEmpty();
  }

  @Test
  void what_was_stored_since_the_cursor_is_answered_oldest_first() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    List<Notification> stored = stored(user, 3);
    stored(user(), "another user's");

    SyncResult sync = since(user, cursor);

    assertThat(sync.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(sync.missed()).containsExactlyElementsOf(stored);
  }

  @Test
  void the_new_cursor_holds_from_there_on() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    stored(user, "one");
    SyncResult one = since(user, cursor);
    Notification two = stored(user, "two");
    assertThat(since(user, one.cursor()).missed()).contains(two);
  }

  @Test
  void the_clock_goes_on_and_an_id_of_its_time_is_caught_up() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    Instant now = catchUp().time().orElseGet(Instant::now);
    NotificationId id = new NotificationId(ContractIds.at(now));
    store().insert(id, titled(user, "x"));
    assertThat(ids(since(user, cursor).missed())).containsExactly(id);
    assertThat(catchUp().time().orElse(now)).isBetween(now, now.plus(HOUR));
  }

  @Test
  void a_cursor_may_be_used_again() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    Notification one = stored(user, "one");
    assertThat(since(user, cursor).missed()).containsExactly(one);
    assertThat(since(user, cursor).missed()).containsExactly(one);
  }

  @Test
  void as_many_as_the_limit_are_complete_and_one_more_is_a_resync() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    List<Notification> stored = stored(user, 5);
    assertThat(since(user, cursor, 5).missed()).hasSize(5);

    SyncResult tooMany = since(user, cursor, 4);

    assertThat(tooMany.outcome()).isEqualTo(Outcome.RESYNC);
    assertThat(tooMany.missed()).isEmpty();
    assertThat(tooMany.from()).isEqualTo(stored.get(0).id());
    assertThat(since(user, tooMany.cursor()).outcome()).isEqualTo(Outcome.COMPLETE);
  }

  @Test
  void more_bytes_than_an_answer_may_hold_are_a_resync() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    for (int i = 0; i < 17; i++) {
      store().insert(next(), new NewNotification(user, heavy(16), null));
    }
    assertThat(since(user, cursor).outcome()).isEqualTo(Outcome.RESYNC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "1",
        "1.2.3.4",
        "1.abcdef012345.1.1",
        "1.abcdef012345.1~0.1",
        "1.abcdef012345.0~0.1",
        "1.abcdef012345.1~1-0.1700000000000",
        "1.abcdef012345.1~1-0-0.1700000000000",
        "1.abcdef012345.1~1-2.1700000000000",
        "1.abcdef012345.zzzzzzzzzzzz~zzzzzzzzzzzz.999999999999999",
        "1.abcdef012345.99999999999999999999.1",
        "000000000000.1",
        "-.~_",
        "18446744073709551615.18446744073709551615"
      })
  void an_unknown_cursor_is_a_resync_with_a_new_cursor(String unknown) {
    UserId user = user();
    stored(user, "stored");
    SyncResult sync = since(user, new SyncCursor(unknown));
    assertThat(sync.outcome()).isEqualTo(Outcome.RESYNC);
    assertThat(sync.missed()).isEmpty();
    Notification next = stored(user, "next");
    assertThat(since(user, sync.cursor()).missed()).contains(next);
  }

  @Test
  void many_users_are_answered_at_once_each_with_his_own() {
    Map<UserId, Optional<SyncCursor>> cursors = new HashMap<>();
    for (int i = 0; i < 600; i++) {
      cursors.put(user(), Optional.empty());
    }
    Map<UserId, Optional<SyncCursor>> later = new HashMap<>();
    catchUp()
        .sync(cursors, LIMIT)
        .forEach((user, sync) -> later.put(user, Optional.of(sync.cursor())));
    List<UserId> users = List.copyOf(later.keySet());
    Notification one = stored(users.get(0), "one");
    Notification two = stored(users.get(599), "two");
    later.put(users.get(1), Optional.of(new SyncCursor("unknown")));

    Map<UserId, SyncResult> answers = catchUp().sync(later, LIMIT);

    assertThat(answers).hasSize(600);
    assertThat(answers.get(users.get(0)).missed()).containsExactly(one);
    assertThat(answers.get(users.get(599)).missed()).containsExactly(two);
    assertThat(answers.get(users.get(1)).outcome()).isEqualTo(Outcome.RESYNC);
    assertThat(answers.get(users.get(2)).missed()).isEmpty();
  }

  @Test
  void syncing_nobody_answers_nobody() {
    assertThat(catchUp().sync(Map.of(), LIMIT)).isEmpty();
  }

  @Test
  void what_was_deleted_is_not_missed() {
    UserId user = user();
    SyncCursor cursor = first(user).cursor();
    Notification gone = stored(user, "gone");
    changes().delete(user, gone.id());
    assertThat(since(user, cursor).missed()).isEmpty();
  }

  @Test
  void a_client_that_syncs_while_others_write_misses_nothing() throws Exception {
    UserId user = user();
    SyncCursor begin = first(user).cursor();
    Set<NotificationId> seen = new LinkedHashSet<>();
    AtomicInteger role = new AtomicInteger();
    AtomicInteger writing = new AtomicInteger(3);
    List<List<NotificationId>> written =
        together(
            4,
            () -> {
              List<NotificationId> mine = new ArrayList<>();
              if (role.getAndIncrement() > 0) {
                for (int i = 0; i < 40; i++) {
                  mine.add(store().insert(next(), titled(user, "x")).notification().id());
                }
                writing.decrementAndGet();
                return mine;
              }
              SyncCursor cursor = begin;
              boolean last;
              do {
                last = writing.get() == 0;
                SyncResult sync = since(user, cursor);
                seen.addAll(ids(sync.missed()));
                cursor = sync.cursor();
              } while (!last);
              return mine;
            });
    assertThat(seen).containsAll(written.stream().flatMap(List::stream).toList()).hasSize(120);
  }
}
