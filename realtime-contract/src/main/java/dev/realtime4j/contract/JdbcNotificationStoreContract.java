package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The laws of transactions, and of the connections that they are on. */
public abstract class JdbcNotificationStoreContract extends TransactionalNotificationStoreContract {
  private Connection connection;

  /**
   * A connection of the application to the database of the store; the test closes it.
   *
   * @throws SQLException when there is none, which fails the test
   */
  protected abstract Connection connection() throws SQLException;

  @Override
  protected final ApplicationTransaction begin() throws SQLException {
    connection = connection();
    connection.setAutoCommit(false);
    return new OnConnection(connection);
  }

  private record OnConnection(Connection connection) implements ApplicationTransaction {
    @Override
    public Transaction transaction() {
      return Transaction.of(connection);
    }

    @Override
    public void commit() throws SQLException {
      connection.commit();
    }

    @Override
    public void rollback() throws SQLException {
      connection.rollback();
    }

    @Override
    public void close() throws SQLException {
      if (!connection.isClosed()) {
        if (!connection.getAutoCommit()) {
          connection.rollback();
        }
        connection.close();
      }
    }
  }

  @Test
  void the_connection_stays_open_and_without_auto_commit() throws SQLException {
    transactional().insert(transaction(), next(), titled(user(), "paid"));
    assertThat(connection.isClosed()).isFalse();
    assertThat(connection.getAutoCommit()).isFalse();
  }

  @Test
  void a_connection_that_commits_by_itself_is_refused_and_nothing_is_written() throws SQLException {
    connection.setAutoCommit(true);
    assertRefused();
  }

  @Test
  void a_transaction_that_may_not_write_is_refused() throws SQLException {
    connection.setReadOnly(true);
    assertRefused();
    connection.rollback();
    connection.setReadOnly(false);
  }

  @Test
  void a_closed_connection_is_refused() throws SQLException {
    connection.close();
    assertRefused();
  }
}
