package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many open transactions of the host that notify one user, and transactions undone in part. */
class HotUserTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = Jdbi.create(DATABASE);
  private static final int TRANSACTIONS = 32;

  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(JDBI);
  private final UserId user = TestIds.user();
  private final List<Connection> open = new ArrayList<>();

  @BeforeAll
  static void migrate() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    JDBI.useHandle(
        handle ->
            handle.execute(
                "CREATE TABLE host_order (id int PRIMARY KEY,"
                    + " follows int REFERENCES host_order DEFERRABLE INITIALLY DEFERRED)"));
  }

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : open) {
      connection.close();
    }
  }

  private Connection begun() throws SQLException {
    Connection connection = DATABASE.getConnection();
    open.add(connection);
    connection.setAutoCommit(false);
    return connection;
  }

  private NotificationId send(Connection connection, String key) {
    NewNotification notification =
        NewNotification.to(user).title("hot").idempotencyKey(key).build();
    Stored stored = repository.insert(Transaction.of(connection), next(), notification);
    assertThat(stored.outcome()).isEqualTo(Stored.Outcome.NEW);
    return stored.notification().id();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Set<NotificationId> listed() {
    Set<NotificationId> ids = new HashSet<>();
    repository
        .list(user, NotificationFilter.ALL, PageRequest.first(100))
        .items()
        .forEach(notification -> ids.add(notification.id()));
    return ids;
  }

  private static int count(String sql) {
    return JDBI.withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  private int rowsOfUser(String table) {
    return count("SELECT count(*) FROM realtime." + table + " WHERE user_id = '" + user + "'");
  }

  @Test
  void thirty_two_open_transactions_to_one_user_do_not_wait_for_each_other() throws Exception {
    List<NotificationId> sent = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(TRANSACTIONS);
    try {
      List<Future<List<NotificationId>>> sending = new ArrayList<>();
      for (int i = 0; i < TRANSACTIONS; i++) {
        Connection connection = begun();
        // What waits for another transaction waits for good: all stay open until all have sent.
        execute(connection, "SET LOCAL lock_timeout = '3s'");
        String key = "order " + i;
        sending.add(threads.submit(() -> List.of(send(connection, key), sendPlain(connection))));
      }
      for (Future<List<NotificationId>> one : sending) {
        sent.addAll(one.get(60, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(count("SELECT count(*) FROM pg_locks WHERE NOT granted")).isZero();
    assertThat(
            count(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                    + " AND datname = current_database()"))
        .isEqualTo(TRANSACTIONS);
    assertThat(listed()).isEmpty();

    Set<NotificationId> committed = new HashSet<>();
    for (int i = 0; i < TRANSACTIONS; i++) {
      if (i % 2 == 0) {
        open.get(i).commit();
        committed.addAll(sent.subList(2 * i, 2 * i + 2));
      } else {
        open.get(i).rollback();
      }
    }

    assertThat(listed()).isEqualTo(committed);
    assertThat(repository.pending(sent))
        .extracting(Notification::id)
        .containsExactlyInAnyOrderElementsOf(committed);
    assertThat(rowsOfUser("notification_outbox")).isEqualTo(TRANSACTIONS);
    assertThat(rowsOfUser("notification_dedupe")).isEqualTo(TRANSACTIONS / 2);
    send(begun(), "order 1"); // was rolled back, so the key is free
  }

  private NotificationId sendPlain(Connection connection) {
    return repository
        .insert(Transaction.of(connection), next(), TestIds.titled(user, "without a key"))
        .notification()
        .id();
  }

  @Test
  void a_rollback_to_a_savepoint_leaves_no_row_in_any_table() throws SQLException {
    Connection connection = begun();
    NotificationId kept = send(connection, "kept");
    Savepoint savepoint = connection.setSavepoint();
    NotificationId undone = send(connection, "undone");
    connection.rollback(savepoint);
    Savepoint released = connection.setSavepoint();
    NotificationId second = send(connection, "undone"); // the key is free again
    connection.releaseSavepoint(released);
    connection.commit();

    assertThat(repository.pending(List.of(undone))).isEmpty();
    assertThat(listed()).containsExactlyInAnyOrder(kept, second);
    for (String table : List.of("notification", "notification_outbox", "notification_dedupe")) {
      assertThat(rowsOfUser(table)).as(table).isEqualTo(2);
    }
  }

  @Test
  void a_commit_that_fails_leaves_no_row_in_any_table() throws SQLException {
    Connection connection = begun();
    execute(connection, "INSERT INTO host_order VALUES (1, 4711)");
    NotificationId id = send(connection, "order 1");
    assertThatThrownBy(connection::commit).hasMessageContaining("foreign key");

    assertThat(repository.pending(List.of(id))).isEmpty();
    for (String table : List.of("notification", "notification_outbox", "notification_dedupe")) {
      assertThat(rowsOfUser(table)).as(table).isZero();
    }
    // The connection is good for the next transaction of the host.
    NotificationId again = send(connection, "order 1");
    connection.commit();
    assertThat(listed()).containsExactly(again);
  }
}
