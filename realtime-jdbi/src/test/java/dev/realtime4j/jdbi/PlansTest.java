package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.monthsAgo;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.fixtures.Postgres;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What each call touches when there are forty months of rows. */
class PlansTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = Jdbi.create(DATABASE);
  private static final UserId USER = TestIds.user();
  private static final Deque<NotificationId> THIS_MONTH = new ArrayDeque<>();

  @BeforeAll
  static void forty_months_of_rows() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    JdbiNotificationRepository repository = JdbiNotificationRepository.create(DATABASE);
    for (int months = 0; months < 40; months++) {
      Instant month = months == 0 ? Instant.now() : monthsAgo(months);
      List<NotificationId> ids = IntStream.range(0, 120).mapToObj(i -> TestIds.at(month)).toList();
      repository.insertAll(ids, ids.stream().map(id -> titled(USER, "x")).toList());
      if (months == 0) {
        THIS_MONTH.addAll(ids);
      }
    }
    JDBI.useHandle(handle -> handle.execute("ANALYZE"));
  }

  private static Touched touched(Consumer<JdbiNotificationRepository> call) throws SQLException {
    return Touched.by(DATABASE, call);
  }

  private static String partition(int monthsAgo) {
    return "notification_p"
        + UuidTime.monthOf(UuidTime.floor(monthsAgo(monthsAgo))).toString().replace('-', '_');
  }

  /** Of this month, or to come; that it is empty has to be found out. */
  private static boolean isOld(String partition) {
    return partition.compareTo(partition(0)) < 0;
  }

  @Test
  void the_newest_page_never_opens_an_older_partition() throws SQLException {
    Touched touched =
        touched(
            repository ->
                assertThat(
                        repository
                            .list(USER, NotificationFilter.ALL, PageRequest.first(20))
                            .items())
                    .hasSize(20));
    assertThat(touched.scanned()).contains(partition(0)).noneMatch(PlansTest::isOld);
  }

  @Test
  void a_later_page_executes_only_the_partitions_it_shows() {
    String sql =
        RealtimeSchema.DEFAULT
            .sql(JdbiNotificationQueries.sql(NotificationFilter.ALL, false))
            .replace(":before", "'" + UuidTime.floor(monthsAgo(20).minus(Duration.ofDays(1))) + "'")
            .replace(":user", "'" + USER + "'")
            .replace(":limit", "50");
    List<String> plan =
        JDBI.withHandle(
            handle ->
                handle
                    .createQuery("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql)
                    .mapTo(String.class)
                    .list());
    assertThat(plan)
        .anySatisfy(line -> assertThat(line).contains(partition(21), "(actual rows=50"))
        .noneSatisfy(line -> assertThat(line).contains("Sort"));
    for (int old = 22; old < 40; old++) {
      String name = partition(old);
      assertThat(plan)
          .filteredOn(line -> line.contains(" on " + name + " "))
          .allSatisfy(line -> assertThat(line).contains("(never executed)"))
          .hasSize(1);
    }
  }

  @Test
  void catching_up_leaves_old_partitions_closed() throws SQLException {
    SyncCursor recent =
        TestIds.sync(JdbiNotificationRepository.create(DATABASE), USER, Optional.empty()).cursor();
    Touched touched =
        touched(
            repository ->
                repository.sync(
                    Map.of(USER, Optional.of(recent), TestIds.user(), Optional.empty()), 200));
    assertThat(touched.scanned())
        .noneMatch(name -> name.compareTo(partition(1)) < 0)
        .contains(partition(0));
    assertThat(touched.planned()).noneMatch(name -> name.compareTo(partition(1)) < 0);
    assertThat(touched.locks()).last(as(InstanceOfAssertFactories.INTEGER)).isLessThan(30);
  }

  private static void assertOnePartition(Touched touched, int statements) {
    assertThat(touched.planned()).containsExactly(partition(0));
    assertThat(touched.scanned()).isSubsetOf(partition(0));
    assertFewLocks(touched, statements);
  }

  private static void assertFewLocks(Touched touched, int statements) {
    assertThat(touched.locks()).hasSizeGreaterThanOrEqualTo(Touched.RUNS);
    assertThat(touched.locks())
        .last(as(InstanceOfAssertFactories.INTEGER))
        .isLessThanOrEqualTo(Touched.FEW_LOCKS);
    assertThat(touched.withManyLocks()).as("%s", touched).isLessThanOrEqualTo(statements);
  }

  @Test
  void reading_by_id_touches_one_partition() throws SQLException {
    assertOnePartition(
        touched(
            repository ->
                assertThat(repository.read(USER, THIS_MONTH.pop(), Instant.now())).isPresent()),
        1);
  }

  @Test
  void reading_again_touches_one_partition() throws SQLException {
    NotificationId id = THIS_MONTH.pop();
    assertOnePartition(
        touched(repository -> assertThat(repository.read(USER, id, Instant.now())).isPresent()), 2);
  }

  @Test
  void deleting_by_id_touches_one_partition() throws SQLException {
    assertOnePartition(
        touched(repository -> assertThat(repository.delete(USER, THIS_MONTH.pop())).isTrue()), 2);
  }

  @Test
  void pending_by_id_touches_one_partition() throws SQLException {
    assertOnePartition(
        touched(
            repository ->
                assertThat(repository.pending(List.of(THIS_MONTH.peekLast()))).hasSize(1)),
        1);
  }

  @Test
  void claiming_touches_the_partition_of_what_is_claimed() throws SQLException {
    JDBI.useHandle(
        handle ->
            handle.execute(
                "DELETE FROM realtime.notification_outbox WHERE notification_id < ?",
                UuidTime.floor(monthsAgo(0).minus(Duration.ofDays(11)))));
    assertOnePartition(
        touched(repository -> assertThat(repository.claimOutbox(Duration.ZERO, 1)).hasSize(1)), 2);
  }

  @Test
  void removing_from_the_outbox_touches_no_partition() throws SQLException {
    Touched touched = touched(repository -> repository.removeFromOutbox(List.of(TestIds.next())));
    assertThat(touched.planned()).isEmpty();
    assertThat(touched.scanned()).isEmpty();
    assertFewLocks(touched, 0);
  }

  @Test
  void inserting_touches_one_partition() throws SQLException {
    Touched touched =
        touched(repository -> repository.insert(TestIds.next(), titled(TestIds.user(), "x")));
    assertThat(touched.scanned()).isSubsetOf(partition(0));
    assertFewLocks(touched, 0);
  }

  @Test
  void inserting_with_a_key_touches_one_partition_also_when_it_is_repeated() throws SQLException {
    Touched touched =
        touched(
            repository -> {
              NewNotification keyed =
                  NewNotification.to(TestIds.user()).title("x").idempotencyKey("key").build();
              repository.insert(TestIds.next(), keyed);
              repository.insert(TestIds.next(), keyed);
            });
    assertThat(touched.planned()).containsExactly(partition(0));
    assertThat(touched.scanned()).isSubsetOf(partition(0));
    assertFewLocks(touched, 2);
  }

  @Test
  void inserting_for_many_touches_one_partition() throws SQLException {
    Touched touched =
        touched(
            repository ->
                assertThat(
                        repository.insertForAll(
                            TestIds.next(2),
                            List.of(TestIds.user(), TestIds.user()),
                            titled(USER, "x").content(),
                            "key"))
                    .hasSize(2));
    assertThat(touched.scanned()).isSubsetOf(partition(0));
    assertFewLocks(touched, 0);
  }
}
