package dev.realtime4j.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A write that PostgreSQL refused, for it only reads here; the message says why. */
final class ReadOnlyException extends SQLException {
  static final String STATE = "25006";

  private static final long serialVersionUID = 1L;

  private ReadOnlyException(String why, Throwable cause) {
    super(why, STATE, cause);
  }

  /**
   * Throws one that says why in the place of a failure that is a refused write.
   *
   * @param connection that it failed on, rolled back
   */
  static void explain(Throwable failure, Connection connection) throws ReadOnlyException {
    SQLException sql = SqlErrors.find(failure);
    if (sql == null || !SqlErrors.is(sql, STATE)) {
      return;
    }
    String why;
    try {
      why = why(connection);
    } catch (SQLException alsoFailed) {
      why = "it is a standby, or set to read-only; let the pool connect to the primary";
    }
    throw new ReadOnlyException(why, failure);
  }

  private static String why(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')")) {
      row.next();
      if (row.getBoolean(1)) {
        return "it is a standby; let the pool connect to the primary"
            + " (targetServerType=primary, and a maxLifetime that sheds old connections)";
      }
      if (row.getString(2).equals("on")) {
        return "default_transaction_read_only is on, for the server, the database or the role";
      }
      return "the pool's connections are read-only; give realtime4j a pool that may write";
    } finally {
      connection.rollback();
    }
  }
}
