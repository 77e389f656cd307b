package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Why a migration failed: one cause, with its remedy. */
final class MigrationErrors {
  private static final int OLDEST = 14;
  private static final String TABLE_EXISTS = "42P07";
  private static final String FUNCTION_EXISTS = "42723";

  private MigrationErrors() {}

  /**
   * @throws SQLException that says why, when this is not a database that we know
   */
  static void requireSupported(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (!product.equals("PostgreSQL") || version < OLDEST) {
      throw new UnsupportedServerException(
          "it needs PostgreSQL " + OLDEST + " or newer, and this is " + product + " " + version);
    }
  }

  private static final class UnsupportedServerException extends SQLException {
    private static final long serialVersionUID = 1L;

    UnsupportedServerException(String why) {
      super(why, "0A000");
    }
  }

  /**
   * @param what the verb and object of "could not …"
   */
  static RealtimeException translate(String what, RealtimeSchema schema, Exception failure) {
    SQLException sql = SqlErrors.find(failure);
    if (sql instanceof UnsupportedServerException) {
      return failed(what, String.valueOf(sql.getMessage()), failure);
    }
    if (failure instanceof FlywayValidateException) {
      return failed(
          what,
          "what its history says was applied ("
              + RealtimeSchema.HISTORY_TABLE
              + ") are not the migrations of this version of realtime-jdbi: a released file never"
              + " changes, so somebody changed one, or the history",
          failure);
    }
    if (sql == null) {
      return failed(what, String.valueOf(failure.getMessage()), failure);
    }
    if (SqlErrors.lacksDriver(sql)) {
      return SqlErrors.noDriver(what, sql);
    }
    if (SqlErrors.is(sql, SqlErrors.NO_RIGHT)) {
      return failed(
          what,
          "its role may not (42501): let the owner of schema "
              + schema
              + " run it, or, where it does not exist yet, GRANT CREATE ON DATABASE to the role",
          failure);
    }
    if (SqlErrors.is(sql, FUNCTION_EXISTS)) {
      return failed(
          what,
          "the schema holds what an earlier migration makes, and the history ("
              + RealtimeSchema.HISTORY_TABLE
              + ") does not know it (42723), as when RealtimeSchema.scripts() was applied by hand: go"
              + " on by hand, or let Flyway baseline the history at the last one that was applied",
          failure);
    }
    if (SqlErrors.is(sql, TABLE_EXISTS)) {
      return failed(
          what,
          "the schema holds a table of the same name that is not ours (42P07): choose another one"
              + " with RealtimeSchema.named",
          failure);
    }
    if (SqlErrors.isUnavailable(sql)) {
      return SqlErrors.translate(what, schema, failure);
    }
    return failed(what, "SQLSTATE " + SqlErrors.state(sql), failure);
  }

  private static RealtimeException failed(String what, String why, Exception failure) {
    return new RealtimeException(ErrorCode.INTERNAL, "could not " + what + ": " + why, failure);
  }
}
