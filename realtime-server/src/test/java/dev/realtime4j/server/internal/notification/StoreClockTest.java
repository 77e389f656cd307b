package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** By whose clock ids are made. */
class StoreClockTest {
  private static final Instant START = Instant.parse("2026-05-10T12:00:00Z");

  private Instant node = START;
  private Instant database = START;
  private long nanos = 77;
  private boolean isUnavailable;
  private int asked;

  private final ProblemList problems = new ProblemList(InstantSource.system());
  private final StoreClock clock =
      new StoreClock(store(this::askDatabase), () -> node, () -> nanos, problems);

  private Optional<Instant> askDatabase() {
    if (isUnavailable) {
      throw RealtimeException.unavailable("away", null);
    }
    asked++;
    return Optional.of(database);
  }

  /** One whose clock is the only thing that is asked of it. */
  private static NotificationCatchUp store(Supplier<Optional<Instant>> time) {
    return new NotificationCatchUp() {
      @Override
      public Map<UserId, SyncResult> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit) {
        throw new AssertionError("only the clock is asked");
      }

      @Override
      public Optional<Instant> time() {
        return time.get();
      }
    };
  }

  private void passes(Duration time) {
    node = node.plus(time);
    database = database.plus(time);
    nanos += time.toNanos();
  }

  private static Instant timeOf(NotificationId id) {
    return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
  }

  private Instant next() {
    clock.prepare();
    return timeOf(clock.get());
  }

  private List<String> messages() {
    return problems.current().stream().map(ProblemList.Problem::message).toList();
  }

  @Test
  void the_first_id_of_a_node_two_days_behind_or_ahead_has_the_time_of_the_store() {
    node = START.minus(Duration.ofDays(2));
    assertThat(next()).isEqualTo(START);
    assertThat(messages()).singleElement().asString().contains("2 days behind");

    node = START.plus(Duration.ofDays(3));
    assertThat(next()).isEqualTo(START);
    assertThat(messages()).singleElement().asString().contains("3 days ahead");
  }

  @Test
  void ids_are_made_without_asking_while_the_clocks_go_alike() {
    for (int i = 0; i < 100; i++) {
      assertThat(next()).isEqualTo(database);
      passes(Duration.ofSeconds(7));
    }
    assertThat(asked).isOne();
    assertThat(messages()).isEmpty();
  }

  @Test
  void a_clock_that_jumps_while_serving_moves_no_id() {
    for (Duration jump : List.of(Duration.ofDays(-2), Duration.ofDays(4), Duration.ofDays(-2))) {
      passes(Duration.ofSeconds(7));
      node = node.plus(jump);
      assertThat(next()).isEqualTo(database);
    }
    assertThat(asked).isEqualTo(3);
    assertThat(messages()).isEmpty();
  }

  /** The JVM's own clock stands still meanwhile. */
  @Test
  void a_machine_that_slept_asks_before_the_next_id() {
    next();
    node = node.plus(Duration.ofDays(2));
    database = database.plus(Duration.ofDays(2));
    assertThat(next()).isEqualTo(database);
  }

  @Test
  void before_the_store_has_answered_there_is_no_id() {
    isUnavailable = true;
    assertThatThrownBy(clock::prepare).isInstanceOf(RealtimeException.class);
    isUnavailable = false;
    node = START.minus(Duration.ofDays(9));
    assertThat(next()).isEqualTo(START);
  }

  @Test
  void a_difference_of_a_minute_is_not_told_and_the_end_of_a_greater_one_is() {
    node = START.plusSeconds(59);
    clock.measure();
    assertThat(messages()).isEmpty();
    node = START.plusSeconds(62);
    clock.measure();
    assertThat(messages()).singleElement().asString().contains("more than a minute ahead");
    node = START.minusSeconds(2);
    clock.measure();
    assertThat(messages()).isEmpty();
  }

  @Test
  void a_clock_that_is_wrong_by_an_hour_is_told_once_and_not_at_each_look() {
    node = node.plus(Duration.ofHours(1));
    Instant start = node;
    clock.measure();
    List<String> told = messages();
    assertThat(told).singleElement().asString().contains("about 60 minutes ahead");
    for (int millis : new int[] {-40, 3, -2000, 8, -1}) {
      node = start.plusMillis(millis);
      clock.measure();
      assertThat(messages()).isEqualTo(told);
    }
    node = start.plus(Duration.ofHours(1));
    clock.measure();
    assertThat(messages()).singleElement().asString().contains("about 2 hours ahead");
  }

  @Test
  void a_clock_that_is_wrong_by_a_minute_comes_and_goes_once() {
    node = node.plusSeconds(61);
    clock.measure();
    List<String> told = messages();
    assertThat(told).hasSize(1);
    node = node.minusMillis(1200);
    clock.measure();
    assertThat(messages()).isEqualTo(told);
    node = node.minusSeconds(20);
    clock.measure();
    assertThat(messages()).isEmpty();
  }

  @Test
  void ids_ascend_also_within_a_millisecond_and_where_the_store_is_set_back() {
    List<NotificationId> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(clock.get());
    }
    clock.prepare();
    ids.add(clock.get());
    database = database.minus(Duration.ofMinutes(50));
    clock.measure();
    ids.add(clock.get());
    assertThat(ids).isSorted().doesNotHaveDuplicates();
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(id.value().version()).isEqualTo(7);
              assertThat(id.value().variant()).isEqualTo(2);
            });
  }

  @Test
  void ids_begin_anew_where_the_store_is_set_back_by_days() {
    next();
    database = database.minus(Duration.ofDays(2));
    clock.measure();
    assertThat(timeOf(clock.get())).isEqualTo(database);
  }

  @Test
  void a_store_without_a_clock_has_the_nodes() {
    StoreClock own =
        new StoreClock(InMemoryNotificationRepository.create(), () -> node, () -> nanos, problems);
    own.prepare();
    node = node.plus(Duration.ofDays(1));
    own.prepare();
    assertThat(timeOf(own.get())).isEqualTo(node);
    assertThat(messages()).isEmpty();
  }
}
