package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.monthsAgo;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.MaintenanceStep.Outcome;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do to the tables at the time of maintenance, and what maintenance leaves behind. */
class MaintenanceTest {
  private final DataSource database = migrated();
  private final Jdbi jdbi = Jdbi.create(database);
  private final UserId user = TestIds.user();

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    return database;
  }

  private JdbiNotificationRepository keeping(DataSource pool, int months) {
    return JdbiNotificationRepository.builder(Jdbi.create(pool))
        .retention(Period.ofMonths(months))
        .build();
  }

  private static Outcome run(JdbiNotificationRepository repository, String step) {
    return repository.maintenance().stream()
        .filter(each -> each.name().equals(step))
        .findFirst()
        .orElseThrow()
        .work()
        .run();
  }

  private static String partition(Instant month) {
    YearMonth of = YearMonth.from(month.atOffset(ZoneOffset.UTC));
    return "notification_p" + of.toString().replace('-', '_');
  }

  private boolean exists(String table) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT to_regclass('realtime.' || :table) IS NOT NULL")
                .bind("table", table)
                .mapTo(Boolean.class)
                .one());
  }

  private int stored() {
    return JdbiNotificationRepository.create(database)
        .list(user, NotificationFilter.ALL, PageRequest.first(100))
        .items()
        .size();
  }

  private Connection reading(String table) throws SQLException {
    Connection reader = database.getConnection();
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.execute("SELECT count(*) FROM realtime." + table);
    }
    return reader;
  }

  @ParameterizedTest
  @ValueSource(strings = {"notification", "the old month"})
  void an_old_reader_makes_the_drop_wait_and_nothing_else(String read) throws Exception {
    JdbiNotificationRepository repository = keeping(database, 2);
    for (int months : new int[] {8, 9}) {
      repository.insert(TestIds.at(monthsAgo(months)), titled(user, "old"));
    }
    String old = partition(monthsAgo(9));
    try (Connection reader = reading(read.equals("notification") ? read : old)) {
      Outcome outcome = run(repository, "retention");

      assertThat(outcome.isDone()).isFalse();
      assertThat(outcome.waitsFor()).contains("transactions").contains("pg_stat_activity");
      assertThat(exists(old)).isTrue();
      // A month that nobody reads goes all the same.
      assertThat(exists(partition(monthsAgo(8)))).isEqualTo(read.equals("notification"));
      assertThat(run(repository, "months").isDone()).isTrue();
      repository.insert(TestIds.next(), titled(user, "meanwhile"));
      reader.rollback();
    }
    assertThat(run(repository, "retention").isDone()).isTrue();
    assertThat(exists(old)).isFalse();
    assertThat(stored()).isOne();
  }

  @Test
  void a_month_that_a_default_partition_covers_is_told_and_hinders_neither_the_others_nor_sends()
      throws Exception {
    JdbiNotificationRepository repository = JdbiNotificationRepository.create(database);
    List<String> ahead =
        IntStream.rangeClosed(1, 3).mapToObj(i -> partition(monthsAgo(-i))).toList();
    ahead.forEach(
        month -> jdbi.useHandle(handle -> handle.execute("DROP TABLE realtime." + month)));
    jdbi.useHandle(
        handle ->
            handle.execute(
                "CREATE TABLE realtime.everything_else PARTITION OF realtime.notification DEFAULT"));
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO realtime.notification (id, user_id, title) VALUES (:id, :user, 'x')")
                .bind("id", TestIds.at(monthsAgo(-1)).value())
                .bind("user", user.value())
                .execute());

    assertThatThrownBy(() -> run(repository, "months"))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("DEFAULT partition")
        .hasMessageContaining("move them out");
    assertThat(ahead).filteredOn(this::exists).isEqualTo(ahead.subList(1, 3));
    // Rows of that month go where the others of it are.
    repository.insert(TestIds.at(monthsAgo(-1)), titled(user, "beside it"));
    jdbi.useTransaction(
        handle ->
            JdbiNotificationRepository.create(database)
                .insert(
                    JdbiTransaction.of(handle),
                    TestIds.at(monthsAgo(-1)),
                    titled(user, "in a transaction")));
    assertThat(stored()).isEqualTo(3);

    jdbi.useHandle(handle -> handle.execute("DELETE FROM realtime.everything_else"));
    assertThat(run(repository, "months").isDone()).isTrue();
    assertThat(ahead).allMatch(this::exists);
  }

  @Test
  void a_role_that_may_not_drop_months_is_told_who_may() {
    String role = "keeper_" + UUID.randomUUID().toString().substring(0, 8);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "CREATE ROLE "
                    + role
                    + " LOGIN; GRANT USAGE ON SCHEMA realtime TO "
                    + role
                    + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO "
                    + role));
    JdbiNotificationRepository.create(database)
        .insert(TestIds.at(monthsAgo(9)), titled(user, "old"));
    JdbiNotificationRepository repository = keeping(Postgres.as(role, database), 2);

    assertThatThrownBy(() -> run(repository, "retention"))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("let the owner drop them");
    assertThat(run(repository, "months").isDone()).isTrue();
  }

  @Test
  void four_nodes_at_once_drop_each_month_once_and_none_fails() throws Exception {
    JdbiNotificationRepository first = JdbiNotificationRepository.create(database);
    for (int months = 5; months < 11; months++) {
      first.insert(TestIds.at(monthsAgo(months)), titled(user, "old"));
    }
    CyclicBarrier start = new CyclicBarrier(4);
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      Callable<List<Outcome>> node =
          () -> {
            JdbiNotificationRepository repository = keeping(database, 2);
            start.await();
            return repository.maintenance().stream()
                .map(MaintenanceStep::work)
                .map(MaintenanceStep.Work::run)
                .toList();
          };
      for (Future<List<Outcome>> result : nodes.invokeAll(List.of(node, node, node, node))) {
        assertThat(result.get()).hasSize(2);
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(run(keeping(database, 2), "retention").isDone()).isTrue();
    assertThat(stored()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7s"})
  void a_connection_goes_back_with_the_settings_and_locks_that_it_came_with(String lockTimeout)
      throws Exception {
    for (int months = 5; months < 8; months++) {
      JdbiNotificationRepository.create(database)
          .insert(TestIds.at(monthsAgo(months)), titled(user, "old"));
    }
    try (HikariDataSource pool = Postgres.pool(database, Postgres.AutoCommit.ON, 1)) {
      Jdbi.create(pool)
          .useHandle(handle -> handle.execute("SET lock_timeout = '" + lockTimeout + "'"));
      JdbiNotificationRepository repository = keeping(pool, 2);
      try (Connection reader = reading(partition(monthsAgo(7)))) {
        assertThat(run(repository, "retention").isDone()).isFalse();
        reader.rollback();
      }
      repository.maintain();

      assertThat(stored()).isZero();
      assertThat(
              Jdbi.create(pool)
                  .<List<String>, RuntimeException>withHandle(
                      handle ->
                          handle
                              .createQuery(
                                  "SELECT current_setting('lock_timeout') UNION ALL SELECT"
                                      + " count(*)::text FROM pg_locks WHERE locktype = 'advisory'")
                              .mapTo(String.class)
                              .list()))
          .containsExactly(lockTimeout, "0");
    }
  }

  @Test
  void a_month_whose_concurrent_detach_broke_off_is_dropped() throws Exception {
    JdbiNotificationRepository.create(database)
        .insert(TestIds.at(monthsAgo(9)), titled(user, "old"));
    String old = partition(monthsAgo(9));
    try (Connection reader = reading("notification");
        Connection detaching = database.getConnection();
        Statement statement = detaching.createStatement()) {
      statement.execute("SET lock_timeout = '200ms'");
      assertThatThrownBy(
              () ->
                  statement.execute(
                      "ALTER TABLE realtime.notification DETACH PARTITION realtime."
                          + old
                          + " CONCURRENTLY"))
          .isInstanceOf(SQLException.class);
      reader.rollback();
    }
    assertThat(run(keeping(database, 2), "retention").isDone()).isTrue();
    assertThat(exists(old)).isFalse();
  }
}
