package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in the database, in our words. PostgreSQL and JDBI quote rows and parameters in
 * their messages, so those of data errors never leave this class.
 */
final class SqlErrors {
  private static final Map<String, String> CHECKS = new LinkedHashMap<>();

  static {
    CHECKS.put("notification_type_check", "type must be INFO, WARNING or ALERT");
    CHECKS.put("notification_title_check", "title must have 1 to 255 characters");
    CHECKS.put("notification_body_check", "body must not be larger than 16 KiB");
    CHECKS.put("notification_data_check", "data must be a JSON object");
    CHECKS.put("notification_data_size_check", "data must not be larger than 16 KiB");
    CHECKS.put("notification_data_number_check", "data must not hold a number of 100 digits");
  }

  /** Away, out of resources, shutting down, timed out. */
  private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "55", "57", "58", "40");

  /** The server ended an idle, or a long, transaction together with its connection. */
  private static final Set<String> ENDED = Set.of("25P03", "25P04");

  static final String READ_ONLY_TRANSACTION =
      "it is read-only (25006); send in one that may write, without readOnly = true";

  private static final String ABORTED = "25P02";
  private static final String UNSERIALIZABLE = "40001";
  private static final String DEADLOCK = "40P01";

  /** A statement that was prepared on another connection of the server, or is there already. */
  private static final Set<String> LOST_PREPARED = Set.of("26000", "42P05");

  static final String CHECK_VIOLATION = "23514";
  private static final String NOT_UNIQUE = "23505";
  static final String NO_RIGHT = "42501";
  static final String LOCK_NOT_OBTAINED = "55P03";

  /** A table of this name, or its type. */
  private static final Set<String> EXISTS = Set.of("42P07", "42710");

  private static final Set<String> NO_TABLE = Set.of("42P01", "42883", "3F000");

  private SqlErrors() {}

  /** A row found no partition. Its text is for the case that nobody can create it. */
  static final class MissingMonthException extends RealtimeException {
    private static final long serialVersionUID = 1L;

    MissingMonthException(String what, Throwable cause) {
      super(
          ErrorCode.UNAVAILABLE,
          "could not " + what + ": no partition for this month; nothing was stored",
          cause);
    }
  }

  static @Nullable SQLException find(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /** Whether the database is unavailable rather than refusing: the same call may work later. */
  static boolean isUnavailable(SQLException failure) {
    String state = state(failure);
    // Pools and drivers fail without a state when they get no connection.
    return state.length() < 5
        || AWAY_CLASSES.contains(state.substring(0, 2))
        || ENDED.contains(state)
        || is(failure, ReadOnlyException.STATE);
  }

  /** Whether a connection failed, rather than being refused something. */
  static boolean isGone(Connection connection, SQLException failure) throws SQLException {
    return state(failure).length() == 5 && isUnavailable(failure) || connection.isClosed();
  }

  /**
   * Whether there is no driver rather than no database: JDBC gives both the same state. The text is
   * the JDK's own.
   */
  static boolean lacksDriver(SQLException failure) {
    return String.valueOf(failure.getMessage()).startsWith("No suitable driver");
  }

  static RealtimeException noDriver(String what, SQLException failure) {
    return new RealtimeException(
        ErrorCode.INTERNAL,
        "could not "
            + what
            + ": PostgreSQL's JDBC driver is missing: add org.postgresql:postgresql; or the URL is"
            + " not one of the form jdbc:postgresql://host/database",
        failure);
  }

  /** Whether a table could not be made because one of its name is there. */
  static boolean existsAlready(SQLException failure) {
    return EXISTS.contains(state(failure));
  }

  /** Whether the transaction lost against another one, and may be repeated from its start. */
  static boolean isRepeatable(Throwable failure) {
    SQLException sql = find(failure);
    return sql != null && (is(sql, UNSERIALIZABLE) || is(sql, DEADLOCK));
  }

  /** Whether that was for an isolation that is stricter than READ COMMITTED. */
  static boolean isUnserializable(Throwable failure) {
    SQLException sql = find(failure);
    return sql != null && is(sql, UNSERIALIZABLE);
  }

  static boolean is(SQLException failure, String state) {
    return state(failure).equals(state);
  }

  /** Of what failed in a transaction of the host, who alone can repeat or mend it. */
  static RealtimeException translateJoined(String what, RealtimeSchema schema, Throwable failure) {
    SQLException sql = find(failure);
    String given = "could not " + what + " in the given transaction: ";
    if (sql != null && is(sql, ReadOnlyException.STATE)) {
      return new RealtimeException(
          ErrorCode.BAD_REQUEST, given + READ_ONLY_TRANSACTION, silent(sql, state(sql)));
    }
    if (sql != null && is(sql, ABORTED)) {
      return new RealtimeException(
          ErrorCode.BAD_REQUEST,
          given + "a statement before this one failed (25P02); roll it back",
          silent(sql, state(sql)));
    }
    if (isRepeatable(failure)) {
      return RealtimeException.unavailable(
          given
              + "it lost against another one ("
              + (isUnserializable(failure) ? UNSERIALIZABLE : DEADLOCK)
              + "); roll it back and repeat it as a whole",
          sql);
    }
    return translate(what, schema, failure);
  }

  /**
   * @param what the verb and object of "could not …", with ids but no content
   */
  static RealtimeException translate(String what, RealtimeSchema schema, Throwable failure) {
    SQLException sql = find(failure);
    if (sql == null) {
      return new RealtimeException(ErrorCode.INTERNAL, "could not " + what, silent(failure, ""));
    }
    String state = state(sql);
    if (lacksDriver(sql)) {
      return noDriver(what, sql);
    }
    if (sql instanceof ReadOnlyException) {
      return RealtimeException.unavailable(
          "could not " + what + ": PostgreSQL refuses to write (25006): " + sql.getMessage(),
          silent(sql, state));
    }
    if (isUnavailable(sql)) {
      return RealtimeException.unavailable(
          "could not "
              + what
              + ": PostgreSQL is unavailable or busy"
              + (state.isEmpty() ? "" : " (" + state + ")"),
          sql);
    }
    Throwable cause = silent(sql, state);
    if (LOST_PREPARED.contains(state)) {
      return RealtimeException.unavailable(
          "could not "
              + what
              + ": a prepared statement is not where it was ("
              + state
              + "); behind a pooler of transactions, such as pgbouncer, add prepareThreshold=0 to"
              + " the URL, or let the pooler keep prepared statements",
          cause);
    }
    if (state.equals(CHECK_VIOLATION)) {
      String message = String.valueOf(sql.getMessage());
      for (Map.Entry<String, String> check : CHECKS.entrySet()) {
        if (message.contains('"' + check.getKey() + '"')) {
          return new RealtimeException(ErrorCode.BAD_REQUEST, check.getValue(), cause);
        }
      }
      return new MissingMonthException(what, cause);
    }
    if (state.startsWith("22")) {
      return new RealtimeException(
          ErrorCode.BAD_REQUEST,
          "could not " + what + ": PostgreSQL cannot hold this value (" + state + ")",
          cause);
    }
    if (state.equals(NOT_UNIQUE)) {
      return new RealtimeException(
          ErrorCode.BAD_REQUEST, "could not " + what + ": the id was used before", cause);
    }
    return new RealtimeException(
        ErrorCode.INTERNAL, "could not " + what + remedy(schema, state), cause);
  }

  private static String remedy(RealtimeSchema schema, String state) {
    if (NO_TABLE.contains(state)) {
      return ": the tables are missing in schema " + schema + "; run RealtimeSchema.migrate first";
    }
    if (state.equals(NO_RIGHT)) {
      return ": the role lacks a right on schema " + schema;
    }
    if (state.startsWith("28")) {
      return ": the database refuses the login of the application's role ("
          + state
          + "); mend its name, its password or pg_hba.conf";
    }
    if (state.equals("3D000")) {
      return ": the database does not exist; create it, or mend its name in the URL";
    }
    return " (SQLSTATE " + state + ")";
  }

  /** The same failure without its message. */
  private static Throwable silent(Throwable failure, String state) {
    SQLException silent =
        new SQLException(failure.getClass().getName() + ", its message withheld", state);
    silent.setStackTrace(failure.getStackTrace());
    return silent;
  }
}
