package dev.realtime4j.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What a session carries from one borrower to the next. */
record Session(
    boolean autoCommit,
    boolean readOnly,
    int isolation,
    String settings,
    String locks,
    String channels,
    String tables) {
  static Session of(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    try {
      return new Session(
          autoCommit,
          connection.isReadOnly(),
          connection.getTransactionIsolation(),
          text(
              connection,
              "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings"
                  + " WHERE source = 'session' AND name NOT LIKE 'transaction_%'"),
          text(
              connection,
              "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid ="
                  + " pg_backend_pid()"),
          text(connection, "SELECT count(*) FROM pg_listening_channels()"),
          text(
              connection,
              "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()"));
    } finally {
      if (!autoCommit) {
        connection.commit();
      }
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
