package dev.realtime4j.jdbi;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Runs statements in transactions, and turns what goes wrong into {@link RealtimeException}.
 *
 * <p>Begin and commit are done here, not by {@code Jdbi.inTransaction}: on a connection whose
 * auto-commit is off from the start that one takes it for a transaction of somebody else and does
 * not commit, and on a thread that is inside another {@code inTransaction} of the host's it
 * silently becomes part of that.
 *
 * <p>Connections are borrowed: what is set on one ends with our transaction, but for auto-commit,
 * which is put back. They may come through a pooler that changes the server's side after every
 * transaction.
 */
final class Database {
  private static final int ATTEMPTS = 6;

  /** Of the first pause before another attempt; each further one is twice as long. */
  private static final int PAUSE_MILLIS = 5;

  private static final String READ_COMMITTED = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

  /** Shared, as it caches what it parsed. */
  private static final SqlParser PARSER = new ColonPrefixSqlParser();

  private final Jdbi jdbi;
  private final RealtimeSchema schema;

  /**
   * Whether transactions have to name their isolation, since the default of the database, role or
   * pool is a stricter one. Our statements are made for READ COMMITTED and there never fail to
   * serialize; so the first time that one does tells it. Until then the round trip is saved.
   */
  private volatile boolean namesIsolation;

  Database(Jdbi jdbi, RealtimeSchema schema) {
    this.jdbi = jdbi;
    this.schema = schema;
  }

  /** Statements of one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T in(Handle handle) throws SQLException;
  }

  RealtimeSchema schema() {
    return schema;
  }

  String sql(String statement) {
    return schema.sql(statement);
  }

  /**
   * In a transaction of its own, which is repeated when it lost against another one.
   *
   * @param what the verb and object of "could not …", with ids but no content
   * @param work may run several times
   */
  <T> T transaction(String what, Work<T> work) {
    return repeatedly(what, () -> begun(what, namesIsolation, work));
  }

  /**
   * One statement that only reads, which is a transaction by itself: one round trip instead of two.
   *
   * @param what the verb and object of "could not …", with ids but no content
   * @param work may run several times
   */
  <T> T statement(String what, Work<T> work) {
    return repeatedly(what, () -> in(AutoCommit.ON, what, work));
  }

  /** One attempt. */
  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws SQLException;
  }

  private <T> T repeatedly(String what, Attempt<T> attempt) {
    for (int count = 1; ; count++) {
      try {
        return attempt.run();
      } catch (JdbiException | SQLException e) {
        if (count == ATTEMPTS || !SqlErrors.isRepeatable(e) || !pause(count)) {
          throw SqlErrors.translate(what, schema, e);
        }
        namesIsolation |= SqlErrors.isUnserializable(e);
      }
    }
  }

  /** So that those who met do not meet again; false when the thread is to end. */
  private static boolean pause(int attempt) {
    long longest = TimeUnit.MILLISECONDS.toMicros((long) PAUSE_MILLIS << (attempt - 1));
    return RealTime.pause(longest);
  }

  /**
   * In a transaction of its own, once: for work that hands out what it reads.
   *
   * @param work its exceptions other than those of the database pass through
   */
  <T> T once(String what, Work<T> work) {
    try {
      return begun(what, true, work);
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what, schema, e);
    }
  }

  /**
   * In a transaction of the host, which is neither ended nor closed here.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when nothing can be written into it, or it could
   *     not commit any more
   */
  <T> T join(Transaction transaction, String what, Work<T> work) {
    try {
      Connection connection = Borrowed.connection(transaction, what);
      Borrowed.requireWritable(connection, what);
      // Jdbi.open(connection) would close it; this one leaves it alone.
      return Jdbi.create(connection)
          .<T, SQLException>withHandle(handle -> work.in(prepared(handle)));
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translateJoined(what, schema, e);
    }
  }

  private <T> T begun(String what, boolean namesIsolation, Work<T> work) throws SQLException {
    return in(
        AutoCommit.OFF,
        what,
        handle -> {
          Connection connection = handle.getConnection();
          try {
            if (namesIsolation) {
              handle.execute(READ_COMMITTED);
            }
            T result = work.in(handle);
            connection.commit();
            return result;
          } catch (Throwable e) {
            try {
              connection.rollback();
            } catch (SQLException alsoFailed) {
              e.addSuppressed(alsoFailed);
            }
            ReadOnlyException.explain(e, connection);
            throw e;
          }
        });
  }

  /** On a connection in auto-commit mode, for the statements that refuse a transaction. */
  void autoCommit(String what, Work<Boolean> work) {
    try {
      in(AutoCommit.ON, what, work);
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what, schema, e);
    }
  }

  private enum AutoCommit {
    ON,
    OFF
  }

  private <T> T in(AutoCommit mode, String what, Work<T> work) throws SQLException {
    // A handle of our own, and not withHandle: that may be the host's, open on this thread.
    try (Handle handle = jdbi.open()) {
      Connection connection = handle.getConnection();
      Borrowed.requirePrivate(connection, what);
      boolean before = connection.getAutoCommit();
      boolean wanted = mode == AutoCommit.ON;
      if (before != wanted) {
        connection.setAutoCommit(wanted);
      }
      try {
        return work.in(prepared(handle));
      } finally {
        if (before != wanted && !connection.isClosed()) {
          connection.setAutoCommit(before);
        }
      }
    }
  }

  /** Our statements, whatever dialect the host has given its JDBI. */
  private static Handle prepared(Handle handle) {
    handle
        .getConfig(SqlStatements.class)
        .setTemplateEngine(TemplateEngine.NOP)
        .setSqlParser(PARSER)
        .setUnusedBindingAllowed(false);
    handle.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    return handle;
  }
}
