package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Notifications inside transactions of Spring, by the two methods that the guide shows. */
class SpringTransactionTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final HikariDataSource POOL = pool(DATABASE, Postgres.AutoCommit.ON);
  private static final HikariDataSource POOL_WITHOUT_AUTO_COMMIT =
      pool(DATABASE, Postgres.AutoCommit.OFF);

  private final JdbiNotificationRepository repository =
      JdbiNotificationRepository.create(Jdbi.create(DATABASE));
  private final UserId user = TestIds.user();
  private final List<NotificationId> pushed = new ArrayList<>();

  private static HikariDataSource pool(DataSource database, Postgres.AutoCommit autoCommit) {
    if (autoCommit == Postgres.AutoCommit.ON) {
      RealtimeSchema.DEFAULT.migrate(database);
      Jdbi.create(database)
          .useHandle(
              handle ->
                  handle.execute(
                      "CREATE TABLE orders (id int PRIMARY KEY,"
                          + " before int REFERENCES orders DEFERRABLE INITIALLY DEFERRED)"));
    }
    return Postgres.pool(database, autoCommit, 4);
  }

  @AfterAll
  static void close() {
    POOL.close();
    POOL_WITHOUT_AUTO_COMMIT.close();
  }

  private static TransactionTemplate template(DataSource pool, int propagation) {
    PlatformTransactionManager manager = new DataSourceTransactionManager(pool);
    TransactionTemplate template = new TransactionTemplate(manager);
    template.setPropagationBehavior(propagation);
    return template;
  }

  private static TransactionTemplate required() {
    return template(POOL, TransactionDefinition.PROPAGATION_REQUIRED);
  }

  /** What the server does: write into the transaction, and push when told of the commit. */
  private NotificationId send(DataSource pool, String key) {
    SpringTransaction transaction = new SpringTransaction(pool);
    NotificationId id = TestIds.next();
    NewNotification order = NewNotification.to(user).title("order").idempotencyKey(key).build();
    repository.insert(transaction, id, order);
    transaction.afterCommit(() -> pushed.add(id));
    return id;
  }

  private List<NotificationId> listed() {
    return repository.list(user, NotificationFilter.ALL, PageRequest.first(100)).items().stream()
        .map(Notification::id)
        .toList();
  }

  private int rowsInAnyTable() {
    return Jdbi.create(DATABASE)
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT (SELECT count(*) FROM realtime.notification WHERE user_id = :user)"
                            + " + (SELECT count(*) FROM realtime.notification_outbox"
                            + " WHERE user_id = :user)"
                            + " + (SELECT count(*) FROM realtime.notification_dedupe"
                            + " WHERE user_id = :user)")
                    .bind("user", user.value())
                    .mapTo(Integer.class)
                    .one());
  }

  @ParameterizedTest
  @EnumSource
  void a_commit_stores_it_with_the_hosts_rows_and_tells_of_itself(Postgres.AutoCommit autoCommit) {
    HikariDataSource pool = autoCommit == Postgres.AutoCommit.ON ? POOL : POOL_WITHOUT_AUTO_COMMIT;
    JdbcTemplate jdbc = new JdbcTemplate(pool);
    NotificationId id =
        template(pool, TransactionDefinition.PROPAGATION_REQUIRED)
            .execute(
                status -> {
                  NotificationId sent = send(pool, "committed");
                  assertThat(listed()).as("seen by others before the commit").isEmpty();
                  assertThat(pushed).isEmpty();
                  assertThat(
                          jdbc.queryForObject(
                              "SELECT count(*) FROM realtime.notification WHERE user_id = ?",
                              Integer.class,
                              user.value()))
                      .as("seen by the host's own statements of the transaction")
                      .isEqualTo(1);
                  return sent;
                });
    assertThat(listed()).containsExactly(id);
    assertThat(pushed).containsExactly(id);
    assertThat(repository.pending(List.of(id))).hasSize(1);
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  @Test
  void a_rollback_leaves_no_row_in_any_table_and_tells_nothing() {
    required()
        .executeWithoutResult(
            status -> {
              send(POOL, "rolled back");
              status.setRollbackOnly();
            });
    assertThat(rowsInAnyTable()).isZero();
    assertThat(pushed).isEmpty();
  }

  @Test
  void an_exception_of_the_host_rolls_it_back() {
    assertThatThrownBy(
            () ->
                required()
                    .executeWithoutResult(
                        status -> {
                          send(POOL, "thrown");
                          throw new IllegalArgumentException("the host's own");
                        }))
        .hasMessage("the host's own");
    assertThat(rowsInAnyTable()).isZero();
    assertThat(pushed).isEmpty();
  }

  @Test
  void a_failing_commit_leaves_no_row_in_any_table_and_tells_nothing() {
    JdbcTemplate jdbc = new JdbcTemplate(POOL);
    assertThatThrownBy(
            () ->
                required()
                    .executeWithoutResult(
                        status -> {
                          jdbc.update("INSERT INTO orders VALUES (1, 4711)");
                          send(POOL, "not committed");
                        }))
        .rootCause()
        .hasMessageContaining("foreign key");
    assertThat(rowsInAnyTable()).isZero();
    assertThat(pushed).isEmpty();
  }

  @Test
  void a_nested_transaction_that_is_rolled_back_takes_only_its_own_with_it() {
    TransactionTemplate nested = template(POOL, TransactionDefinition.PROPAGATION_NESTED);
    List<NotificationId> sent = new ArrayList<>();
    required()
        .executeWithoutResult(
            outer -> {
              sent.add(send(POOL, "before"));
              nested.executeWithoutResult(
                  inner -> {
                    sent.add(send(POOL, "nested, rolled back"));
                    inner.setRollbackOnly();
                  });
              nested.executeWithoutResult(inner -> sent.add(send(POOL, "nested, released")));
            });
    assertThat(listed()).containsExactlyInAnyOrder(sent.get(0), sent.get(2));
    assertThat(rowsInAnyTable()).isEqualTo(6);
    // Spring tells the rolled back part, too, of the outer commit: what is pushed has to be asked.
    assertThat(pushed).contains(sent.get(0), sent.get(2));
    assertThat(repository.pending(pushed))
        .extracting(Notification::id)
        .containsExactlyInAnyOrder(sent.get(0), sent.get(2));
  }

  @Test
  void a_transaction_of_its_own_is_told_at_its_own_commit_and_survives_the_outer_rollback() {
    TransactionTemplate apart = template(POOL, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    List<NotificationId> sent = new ArrayList<>();
    required()
        .executeWithoutResult(
            outer -> {
              send(POOL, "outer");
              apart.executeWithoutResult(inner -> sent.add(send(POOL, "inner")));
              assertThat(pushed).isEqualTo(sent);
              assertThat(listed()).isEqualTo(sent);
              outer.setRollbackOnly();
            });
    assertThat(pushed).isEqualTo(sent);
    assertThat(listed()).isEqualTo(sent);
    assertThat(rowsInAnyTable()).isEqualTo(3);
  }

  @Test
  void outside_of_a_transaction_it_is_refused() {
    assertThatThrownBy(() -> send(POOL, "outside"))
        .isInstanceOf(RealtimeException.class)
        .hasMessageContaining("no Spring transaction of this data source is active here");
    // With synchronization alone, as a read-only call without a transaction has it.
    TransactionTemplate supports = template(POOL, TransactionDefinition.PROPAGATION_SUPPORTS);
    assertThatThrownBy(() -> supports.executeWithoutResult(status -> send(POOL, "supports")))
        .hasMessageContaining("no Spring transaction of this data source is active here");
    assertThat(rowsInAnyTable()).isZero();
    assertThat(POOL.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  @Test
  void inside_a_transaction_of_another_data_source_it_is_refused() throws SQLException {
    assertThatThrownBy(
            () ->
                required()
                    .executeWithoutResult(status -> send(POOL_WITHOUT_AUTO_COMMIT, "elsewhere")))
        .hasMessageContaining("no Spring transaction of this data source is active here");
    assertThat(rowsInAnyTable()).isZero();
    try (Connection connection = POOL.getConnection()) {
      assertThat(connection.getAutoCommit()).as("given back as it was").isTrue();
    }
  }
}
