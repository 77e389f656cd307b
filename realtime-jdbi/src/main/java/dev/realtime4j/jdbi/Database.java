package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.sql.Connection;
import java.sql.SQLException;
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
 */
final class Database {
  private static final int ATTEMPTS = 4;

  /** Shared, as it caches what it parsed. */
  private static final SqlParser PARSER = new ColonPrefixSqlParser();

  private final Jdbi jdbi;
  private final RealtimeSchema schema;

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
    for (int attempt = 1; ; attempt++) {
      try {
        return begun(work);
      } catch (JdbiException | SQLException e) {
        if (attempt == ATTEMPTS || !SqlErrors.isRepeatable(e)) {
          throw SqlErrors.translate(what, schema, e);
        }
      }
    }
  }

  /**
   * In a transaction of its own, once: for work that hands out what it reads.
   *
   * @param work its exceptions other than those of the database pass through
   */
  <T> T once(String what, Work<T> work) {
    try {
      return begun(work);
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what, schema, e);
    }
  }

  /**
   * In a transaction of the host, which is neither ended nor closed here.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when the connection is in auto-commit mode
   */
  <T> T join(Connection connection, String what, Work<T> work) {
    try {
      if (connection.getAutoCommit()) {
        throw new RealtimeException(
            ErrorCode.BAD_REQUEST,
            "could not "
                + what
                + " in the given transaction: its connection is in auto-commit mode; call"
                + " setAutoCommit(false) first");
      }
      // Jdbi.open(connection) would close it; this one leaves it alone.
      return Jdbi.create(connection)
          .<T, SQLException>withHandle(handle -> work.in(prepared(handle)));
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what, schema, e);
    }
  }

  private <T> T begun(Work<T> work) throws SQLException {
    return in(
        AutoCommit.OFF,
        handle -> {
          Connection connection = handle.getConnection();
          try {
            T result = work.in(handle);
            connection.commit();
            return result;
          } catch (Throwable e) {
            try {
              connection.rollback();
            } catch (SQLException alsoFailed) {
              e.addSuppressed(alsoFailed);
            }
            throw e;
          }
        });
  }

  /** On a connection in auto-commit mode, for the statements that refuse a transaction. */
  void autoCommit(String what, Work<Boolean> work) {
    try {
      in(AutoCommit.ON, work);
    } catch (JdbiException | SQLException e) {
      throw SqlErrors.translate(what, schema, e);
    }
  }

  private enum AutoCommit {
    ON,
    OFF
  }

  private <T> T in(AutoCommit mode, Work<T> work) throws SQLException {
    // A handle of our own, and not withHandle: that may be the host's, open on this thread.
    try (Handle handle = jdbi.open()) {
      Connection connection = handle.getConnection();
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
