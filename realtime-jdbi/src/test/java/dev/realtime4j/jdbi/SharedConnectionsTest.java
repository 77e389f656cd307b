package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.spring.SpringConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** A data source that hands out the connection of a transaction of the application. */
class SharedConnectionsTest {
  private static final DataSource DATABASE = migrated();
  private static final HikariDataSource ON = Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 3);
  private static final HikariDataSource OFF = Postgres.pool(DATABASE, Postgres.AutoCommit.OFF, 3);

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi.create(database).useHandle(handle -> handle.execute("CREATE TABLE orders (id int)"));
    return database;
  }

  @BeforeEach
  void empty() {
    Jdbi.create(DATABASE).useHandle(handle -> handle.execute("TRUNCATE orders"));
  }

  @AfterAll
  static void close() {
    ON.close();
    OFF.close();
  }

  /** A pool, the data source of its transaction manager, and a JDBI that joins its transactions. */
  private static Stream<Arguments> joining() {
    return Stream.of(ON, OFF)
        .flatMap(
            pool -> {
              String name = pool == ON ? "auto-commit on" : "auto-commit off";
              DataSource lazy = new LazyConnectionDataSourceProxy(pool);
              return Stream.of(
                  Arguments.of(
                      "TransactionAwareDataSourceProxy, " + name,
                      pool,
                      Jdbi.create(new TransactionAwareDataSourceProxy(pool))),
                  Arguments.of(
                      "SpringConnectionFactory, " + name,
                      pool,
                      Jdbi.create(new SpringConnectionFactory(pool))),
                  Arguments.of(
                      "LazyConnectionDataSourceProxy, " + name,
                      lazy,
                      Jdbi.create(new TransactionAwareDataSourceProxy(lazy))));
            });
  }

  private static int orders() {
    return Jdbi.create(DATABASE)
        .withHandle(
            handle -> handle.createQuery("SELECT count(*) FROM orders").mapTo(Integer.class).one());
  }

  private static void assertRefused(String name, Runnable call) {
    assertThatThrownBy(call::run)
        .as(name)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("a connection that the application is using")
        .hasMessageContaining("Give realtime4j the pool itself")
        .hasMessageContaining("or send with the Transaction");
  }

  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("joining")
  void every_call_is_refused_and_the_half_done_work_rolls_back(
      String name, DataSource managed, Jdbi jdbi) {
    Map<String, Runnable> calls = Calls.of(jdbi);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(managed));
    JdbcTemplate jdbc = new JdbcTemplate(managed);
    calls.forEach(
        (call, run) -> {
          transaction.executeWithoutResult(
              status -> {
                jdbc.update("INSERT INTO orders VALUES (1)");
                assertRefused(call, run);
                assertThat(jdbc.queryForObject("SELECT count(*) FROM orders", Integer.class))
                    .as("the transaction goes on after " + call)
                    .isEqualTo(1);
                status.setRollbackOnly();
              });
          assertThat(orders()).as("orders after " + call).isZero();
        });
  }

  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("joining")
  void every_call_is_refused_and_the_work_before_and_after_it_commits(
      String name, DataSource managed, Jdbi jdbi) {
    Map<String, Runnable> calls = Calls.of(jdbi);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(managed));
    JdbcTemplate jdbc = new JdbcTemplate(managed);
    calls.forEach(
        (call, run) ->
            transaction.executeWithoutResult(
                status -> {
                  jdbc.update("INSERT INTO orders VALUES (1)");
                  assertRefused(call, run);
                  jdbc.update("INSERT INTO orders VALUES (2)");
                }));
    assertThat(orders()).isEqualTo(2 * calls.size());
  }

  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("joining")
  void it_is_refused_as_the_first_statement_too_and_works_outside(
      String name, DataSource managed, Jdbi jdbi) {
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(managed));
    Calls.of(jdbi)
        .forEach(
            (call, run) ->
                transaction.executeWithoutResult(status -> assertRefused("first: " + call, run)));
    Calls.of(jdbi).values().forEach(Runnable::run);
  }

  @ParameterizedTest(name = "{0}", autoCloseArguments = false)
  @MethodSource("joining")
  void with_the_transaction_it_is_part_of_it(String name, DataSource managed, Jdbi jdbi) {
    JdbiNotificationRepository repository = JdbiNotificationRepository.create(jdbi);
    UserId user = TestIds.user();
    NotificationId id = TestIds.next();
    new TransactionTemplate(new DataSourceTransactionManager(managed))
        .executeWithoutResult(
            status ->
                repository.insert(
                    new SpringTransaction(managed), id, TestIds.titled(user, "shipped")));
    assertThat(repository.pending(List.of(id))).hasSize(1);
  }

  @Test
  void a_transaction_that_was_begun_by_sql_is_found_in_auto_commit_mode() throws SQLException {
    try (Connection connection = DATABASE.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("INSERT INTO orders VALUES (1)");
      Jdbi one = Jdbi.create(new SingleConnectionDataSource(connection, true));
      Calls.of(one).forEach(SharedConnectionsTest::assertRefused);
      statement.execute("ROLLBACK");
    }
    assertThat(orders()).isZero();
  }

  @Test
  void one_connection_that_is_free_serves_every_call() throws SQLException {
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = DATABASE.getConnection()) {
        connection.setAutoCommit(autoCommit);
        Jdbi one = Jdbi.create(new SingleConnectionDataSource(connection, true));
        Calls.of(one).values().forEach(Runnable::run);
        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
      }
    }
  }
}
