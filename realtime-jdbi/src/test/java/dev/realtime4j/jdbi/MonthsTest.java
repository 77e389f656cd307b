package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.monthsAgo;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Monthly partitions: ahead, on demand, dropped, and without the right to do any of it. */
class MonthsTest {
  private final DataSource database = migrated();
  private final Jdbi jdbi = Jdbi.create(database);
  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(jdbi);
  private final UserId user = TestIds.user();

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    return database;
  }

  private String partition(String table, Instant month) {
    return table + "_p" + UuidTime.monthOf(UuidTime.floor(month)).toString().replace('-', '_');
  }

  private List<String> partitions(String table) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE :like"
                        + " ORDER BY relname")
                .bind("like", table + "\\_p%")
                .mapTo(String.class)
                .list());
  }

  private int stored(UserId of) {
    return repository.list(of, NotificationFilter.ALL, PageRequest.first(100)).items().size();
  }

  private void insertAt(Instant time) {
    repository.insert(TestIds.at(time), titled(user, "x"));
  }

  @Test
  void last_month_this_one_and_three_ahead_exist_after_the_migration() {
    for (String table : List.of("notification", "connection_log")) {
      assertThat(partitions(table))
          .containsExactly(
              partition(table, monthsAgo(1)),
              partition(table, monthsAgo(0)),
              partition(table, monthsAgo(-1)),
              partition(table, monthsAgo(-2)),
              partition(table, monthsAgo(-3)));
    }
    assertThat(repository.partitionsAhead()).hasValue(3);
  }

  @Test
  void maintaining_fills_what_is_missing_ahead() {
    jdbi.useHandle(
        handle ->
            handle.execute("DROP TABLE realtime." + partition("notification", monthsAgo(-2))));
    assertThat(repository.partitionsAhead()).hasValue(1);
    repository.maintain();
    assertThat(repository.partitionsAhead()).hasValue(3);
  }

  @Test
  void a_month_without_a_partition_gets_one_by_the_first_insert() {
    insertAt(monthsAgo(14));
    insertAt(monthsAgo(-7));
    assertThat(stored(user)).isEqualTo(2);
    assertThat(partitions("notification"))
        .contains(
            partition("notification", monthsAgo(14)), partition("notification", monthsAgo(-7)));
  }

  @Test
  void a_partition_that_vanished_is_made_again_and_the_insert_repeated() {
    insertAt(Instant.now());
    jdbi.useHandle(
        handle -> handle.execute("DROP TABLE realtime." + partition("notification", monthsAgo(0))));
    insertAt(Instant.now());
    assertThat(stored(user)).isOne();
  }

  @Test
  void a_partition_that_vanished_costs_the_applications_transactions_one_of_them() {
    jdbi.useTransaction(this::send);
    drop(partition("notification", monthsAgo(0)));
    assertThatThrownBy(() -> jdbi.useTransaction(this::send))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    jdbi.useTransaction(this::send);
    assertThat(stored(user)).isOne();
  }

  private void send(Handle handle) {
    repository.insert(JdbiTransaction.of(handle), TestIds.next(), titled(user, "x"));
  }

  @Test
  void a_month_that_was_detached_by_hand_is_told_before_it_begins() {
    String next = partition("notification", monthsAgo(-1));
    jdbi.useHandle(
        handle ->
            handle.execute("ALTER TABLE realtime.notification DETACH PARTITION realtime." + next));
    assertThatThrownBy(repository::maintain)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("is no partition")
        .hasMessageContaining("attach it again");
    drop(next);
    repository.maintain();
    assertThat(repository.partitionsAhead()).hasValue(3);
  }

  @Test
  void nodes_that_make_the_same_months_at_once_do_not_fail() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 5; round++) {
        drop(partition("notification", monthsAgo(-2)));
        drop(partition("notification", monthsAgo(-3)));
        Callable<OptionalInt> node =
            () -> {
              JdbiNotificationRepository own = JdbiNotificationRepository.create(database);
              own.maintain();
              return own.partitionsAhead();
            };
        for (Future<OptionalInt> ahead : nodes.invokeAll(Collections.nCopies(6, node))) {
          assertThat(ahead.get()).hasValue(3);
        }
      }
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void a_bulk_insert_over_two_months_works() {
    UserId other = TestIds.user();
    List<NotificationId> ids = List.of(TestIds.at(monthsAgo(20)), TestIds.at(monthsAgo(21)));
    assertThat(repository.insertForAll(ids, List.of(user, other), titled(user, "x").content(), "k"))
        .hasSize(2);
  }

  @Test
  void an_id_that_is_no_uuid_of_our_time_is_refused() {
    UUID random = UUID.fromString("f47ac10b-58cc-4372-a567-0e02b2c3d479");
    assertThatThrownBy(() -> repository.insert(new NotificationId(random), titled(user, "x")))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void a_missing_month_does_not_break_the_hosts_transaction_that_has_inserted_before() {
    jdbi.useTransaction(
        handle -> {
          Transaction transaction = JdbiTransaction.of(handle);
          repository.insert(transaction, TestIds.next(), titled(user, "now"));
          repository.insert(transaction, TestIds.at(monthsAgo(33)), titled(user, "then"));
        });
    assertThat(stored(user)).isEqualTo(2);
  }

  @Test
  void making_a_month_does_not_wait_for_open_transactions() {
    jdbi.useTransaction(
        handle -> {
          repository.insert(JdbiTransaction.of(handle), TestIds.next(), titled(user, "open"));
          insertAt(monthsAgo(40));
          assertThat(stored(user)).isOne();
        });
    assertThat(stored(user)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void retention_drops_the_months_that_have_ended(Postgres.AutoCommit autoCommit) {
    try (HikariDataSource pool = Postgres.pool(database, autoCommit, 2)) {
      JdbiNotificationRepository kept =
          JdbiNotificationRepository.builder(Jdbi.create(pool))
              .retention(Period.ofMonths(2))
              .build();
      for (int months = 0; months < 6; months++) {
        kept.insert(TestIds.at(monthsAgo(months)), titled(user, "x"));
      }
      kept.maintain();
      kept.maintain();

      assertThat(partitions("notification").get(0))
          .isEqualTo(partition("notification", monthsAgo(2)));
      assertThat(stored(user)).isEqualTo(3);
      assertThat(kept.partitionsAhead()).hasValue(3);
      // What was dropped has nothing left to push.
      assertThat(kept.claimOutbox(Duration.ZERO, 100)).hasSize(3);
      assertThat(kept.claimOutbox(Duration.ZERO, 100)).hasSize(3);
      // The connection is as it was.
      assertThat(
              Jdbi.create(pool)
                  .<String, RuntimeException>withHandle(
                      handle -> handle.createQuery("SHOW lock_timeout").mapTo(String.class).one()))
          .isEqualTo("0");
    }
  }

  @Test
  void a_month_that_was_detached_and_not_dropped_is_dropped_later() {
    insertAt(monthsAgo(9));
    String old = partition("notification", monthsAgo(9));
    jdbi.useHandle(
        handle ->
            handle.execute("ALTER TABLE realtime.notification DETACH PARTITION realtime." + old));
    JdbiNotificationRepository.builder(jdbi).retention(Period.ofMonths(3)).build().maintain();
    assertThat(partitions("notification")).doesNotContain(old);
  }

  @Test
  void the_connection_log_has_its_own_retention() {
    insertAt(monthsAgo(9));
    jdbi.useHandle(
        handle ->
            handle.execute(
                "SELECT realtime.create_month('connection_log', (now() - interval '9 months')::date)"));
    JdbiConnectionLog.builder(jdbi).retention(Period.ofMonths(1)).build().maintain();
    assertThat(partitions("connection_log"))
        .hasSize(5)
        .doesNotContain(partition("connection_log", monthsAgo(9)));
    assertThat(stored(user)).isOne();
  }

  @Test
  void a_retention_that_is_not_whole_months_is_refused() {
    for (Period period : List.of(Period.ofDays(30), Period.ZERO, Period.ofMonths(-1))) {
      assertThatThrownBy(() -> JdbiNotificationRepository.builder(jdbi).retention(period))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_role_that_may_only_write_rows_works_and_fails_when_somebody_elses_job_is_late() {
    String role = "writer_" + UUID.randomUUID().toString().substring(0, 8);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "CREATE ROLE "
                    + role
                    + " LOGIN; GRANT USAGE ON SCHEMA realtime TO "
                    + role
                    + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO "
                    + role));
    JdbiNotificationRepository writer =
        JdbiNotificationRepository.create(Postgres.as(role, database));
    writer.insert(TestIds.next(), titled(user, "x"));
    writer.maintain();

    drop(partition("notification", monthsAgo(-3)));
    writer.maintain(); // Two months are there.

    drop(partition("notification", monthsAgo(-2)));
    assertThatThrownBy(writer::maintain)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("create_months('notification', 3)");

    assertThatThrownBy(() -> writer.insert(TestIds.at(monthsAgo(50)), titled(user, "secret")))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("create_months")
        .hasMessageNotContaining("secret");
    assertThat(stored(user)).isOne();
  }

  private void drop(String partition) {
    jdbi.useHandle(handle -> handle.execute("DROP TABLE realtime." + partition));
  }
}
