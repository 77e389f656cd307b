package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Catch-up is complete whatever shape the transactions have that are open meanwhile. */
class CatchUpQueriesTransactionsTest {
  private static final DataSource DATABASE = Postgres.database();

  private final JdbiNotificationRepository repository =
      JdbiNotificationRepository.create(Jdbi.create(DATABASE));
  private final UserId user = TestIds.user();
  private final SyncingClient client = new SyncingClient(repository, user);
  private final List<Connection> open = new ArrayList<>();

  @BeforeAll
  static void migrate() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
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

  private NotificationId send(Connection connection) {
    NotificationId id = next();
    repository.insert(Transaction.of(connection), id, titled(user, "in a transaction"));
    return id;
  }

  private NotificationId sendAndCommit() {
    return repository.insert(next(), titled(user, "at once")).notification().id();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void rows_of_released_savepoints_come_and_of_undone_ones_do_not() throws SQLException {
    Connection connection = begun();
    Set<NotificationId> expected = new HashSet<>();

    Savepoint released = connection.setSavepoint();
    expected.add(send(connection));
    connection.releaseSavepoint(released);
    client.sync();

    Savepoint undone = connection.setSavepoint();
    send(connection);
    Savepoint within = connection.setSavepoint();
    send(connection);
    connection.releaseSavepoint(within);
    expected.add(sendAndCommit());
    client.sync();
    connection.rollback(undone);

    Savepoint outer = connection.setSavepoint();
    expected.add(send(connection));
    Savepoint inner = connection.setSavepoint();
    send(connection);
    connection.rollback(inner);
    expected.add(send(connection));
    connection.releaseSavepoint(outer);
    client.sync();
    assertThat(client.seen()).hasSize(1);

    connection.commit();
    client.sync();
    assertThat(client.seen()).isEqualTo(expected);
    assertThat(client.sync()).isEmpty();
  }

  @Test
  void a_savepoint_that_comes_after_the_cursor_in_a_transaction_from_before_it_is_not_lost()
      throws SQLException {
    Connection connection = begun();
    execute(connection, "SELECT pg_current_xact_id()");
    sendAndCommit();
    client.sync();
    connection.setSavepoint();
    NotificationId late = send(connection);
    NotificationId between = sendAndCommit();
    assertThat(client.sync()).contains(between).doesNotContain(late);
    connection.commit();
    assertThat(client.sync()).contains(late);
  }

  /** PostgreSQL keeps 64 of them in shared memory; snapshots treat what is above differently. */
  @Test
  void a_transaction_with_more_savepoints_than_fit_into_shared_memory_is_complete()
      throws SQLException {
    Connection connection = begun();
    Set<NotificationId> expected = new HashSet<>();
    for (int i = 0; i < 150; i++) {
      Savepoint savepoint = connection.setSavepoint();
      NotificationId id = send(connection);
      if (i % 5 == 4) {
        connection.rollback(savepoint);
      } else {
        expected.add(id);
      }
      if (i % 25 == 0) {
        expected.add(sendAndCommit());
        client.sync();
      }
    }
    connection.commit();
    client.sync();
    assertThat(client.seen()).isEqualTo(expected);
  }

  @Test
  void a_prepared_transaction_comes_when_it_is_committed_and_not_when_it_is_rolled_back()
      throws SQLException {
    Connection kept = begun();
    NotificationId prepared = send(kept);
    kept.setSavepoint();
    NotificationId inSavepoint = send(kept);
    execute(kept, "PREPARE TRANSACTION 'kept'");
    Connection dropped = begun();
    send(dropped);
    execute(dropped, "PREPARE TRANSACTION 'dropped'");
    // Their sessions may end: a prepared transaction belongs to nobody.
    kept.close();
    dropped.close();

    Set<NotificationId> expected = new HashSet<>();
    SyncCursor whilePrepared = client.cursor();
    for (int i = 0; i < 3; i++) {
      expected.add(sendAndCommit());
      client.sync();
    }
    assertThat(client.seen()).isEqualTo(expected);

    Jdbi.create(DATABASE)
        .useHandle(
            handle -> {
              handle.execute("ROLLBACK PREPARED 'dropped'");
              handle.execute("COMMIT PREPARED 'kept'");
            });
    client.sync();
    expected.add(prepared);
    expected.add(inSavepoint);
    assertThat(client.seen()).isEqualTo(expected);
    assertThat(TestIds.sync(repository, user, Optional.of(whilePrepared)).missed())
        .as("since an older cursor")
        .hasSize(expected.size());
  }

  @Test
  void one_transaction_open_across_many_cursors_is_complete() throws SQLException {
    Connection slow = begun();
    Set<NotificationId> expected = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      expected.add(send(slow));
      expected.add(sendAndCommit());
      client.sync();
    }
    slow.commit();
    client.sync();
    assertThat(client.seen()).isEqualTo(expected);
    assertThat(client.sync()).isEmpty();
  }

  @Test
  void what_comes_does_not_pile_up_while_one_transaction_is_open() throws SQLException {
    Connection slow = begun();
    NotificationId early = send(slow);
    for (int i = 0; i < 60; i++) {
      NotificationId one = sendAndCommit();
      NotificationId two = sendAndCommit();
      assertThat(client.sync()).containsExactly(one, two);
    }
    assertThat(client.sync()).isEmpty();
    slow.commit();
    assertThat(client.sync()).containsExactly(early);
    assertThat(client.sync()).isEmpty();
  }

  @Test
  void a_hundred_transactions_that_end_in_any_order_are_complete() throws SQLException {
    List<Connection> running = new ArrayList<>();
    Set<Connection> rollingBack = new HashSet<>();
    Set<NotificationId> expected = new HashSet<>();
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      Connection connection = begun();
      running.add(connection);
      NotificationId id = send(connection);
      if (i % 10 == 9) {
        rollingBack.add(connection);
      } else {
        expected.add(id);
      }
      if (i % 9 == 0) {
        client.sync();
      }
    }
    Collections.shuffle(running, random);
    for (Connection connection : running) {
      if (rollingBack.contains(connection)) {
        connection.rollback();
      } else {
        connection.commit();
      }
      if (random.nextInt(3) == 0) {
        client.sync();
      }
    }
    client.sync();
    assertThat(client.seen()).isEqualTo(expected);
    assertThat(client.sync()).isEmpty();
  }
}
