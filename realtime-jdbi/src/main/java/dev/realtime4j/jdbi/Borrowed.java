package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Whose a connection is that a pool, or the application, handed to us. A transaction of our own
 * needs one that is private: on another one our commit would be that of the application's half-done
 * work. All that is asked here is known to the driver and the pool; nothing goes to the server.
 */
final class Borrowed {
  /** What the driver says when a transaction is open. */
  private static final String IN_TRANSACTION = "25001";

  private Borrowed() {}

  /**
   * Makes sure that a connection is ours alone, before anything is done on it.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when a transaction of the application's is on it
   */
  static void requirePrivate(Connection connection, String what) throws SQLException {
    try {
      // Drivers refuse to change this flag within a transaction, even to what it is.
      connection.setReadOnly(connection.isReadOnly());
      if (connection.getAutoCommit()) {
        return;
      }
      if (SpringTransactions.owns(connection)) {
        throw shared(what, "it belongs to the Spring transaction of this thread", null);
      }
      // Nothing is open, so nothing is committed.
      connection.commit();
    } catch (SQLException e) {
      if (SqlErrors.is(e, IN_TRANSACTION)) {
        throw shared(what, "a transaction is open on it", e);
      }
      if (SqlErrors.isGone(connection, e)) {
        throw e;
      }
      // A pool that takes part in a transaction of its own refuses both, and the end of ours.
      throw shared(what, "the pool manages its transaction (JTA)", e);
    }
  }

  /**
   * The connection of the application's transaction.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it has none, or is over
   */
  static Connection connection(Transaction transaction, String what) {
    try {
      return transaction.connection();
    } catch (IllegalStateException e) {
      throw refused(what, e.getMessage(), e);
    }
  }

  /**
   * Makes sure that what is written into the application's transaction can still commit.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it cannot; nothing was written then
   */
  static void requireWritable(Connection connection, String what) throws SQLException {
    if (connection.isClosed()) {
      throw refused(what, "its connection is closed");
    }
    if (connection.getAutoCommit()) {
      throw refused(what, "its connection is in auto-commit mode; call setAutoCommit(false) first");
    }
    if (SpringTransactions.isOver(connection)) {
      throw refused(
          what,
          "the Spring transaction is over (afterCommit or afterCompletion), and nobody would commit"
              + " it; send before the commit, or without the transaction");
    }
    // The driver may be told to ignore the flag (readOnlyMode), so the server has the last word.
    if (connection.isReadOnly() && isReadOnly(connection)) {
      throw refused(what, SqlErrors.READ_ONLY_TRANSACTION);
    }
  }

  private static boolean isReadOnly(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT current_setting('transaction_read_only')")) {
      return row.next() && row.getString(1).equals("on");
    }
  }

  private static RealtimeException refused(String what, String why) {
    return refused(what, why, null);
  }

  private static RealtimeException refused(
      String what, @Nullable String why, @Nullable Throwable cause) {
    return new RealtimeException(
        ErrorCode.BAD_REQUEST, "could not " + what + " in the given transaction: " + why, cause);
  }

  private static RealtimeException shared(String what, String why, @Nullable Throwable cause) {
    return new RealtimeException(
        ErrorCode.BAD_REQUEST,
        "could not "
            + what
            + " in a transaction of its own: the data source handed out a connection that the"
            + " application is using: "
            + why
            + ". Give realtime4j the pool itself, not one that joins transactions, or send with the"
            + " Transaction; nothing was done on the connection",
        cause);
  }
}
