package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.MaintenanceStep.Outcome;
import dev.realtime4j.api.RealtimeException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which months are kept.
 *
 * @param months how many whole months before this one; 0 for all
 */
record Retention(int months) {
  static final Retention FOR_EVER = new Retention(0);

  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(100);

  static Retention of(Period period) {
    if (period.getDays() != 0 || period.toTotalMonths() < 1 || period.toTotalMonths() > 1200) {
      throw new InvalidValueException(
          "retention is in whole months, 1 to 1200, such as Period.ofMonths(12), not " + period);
    }
    return new Retention((int) period.toTotalMonths());
  }

  boolean isForEver() {
    return months == 0;
  }

  /** What a table keeps of its rows elsewhere. */
  @FunctionalInterface
  interface Beside {
    Beside NOTHING = (database, end) -> {};

    /**
     * Forgets what is older than the end of a month that is about to be dropped. It comes before
     * that, so that it is repeated when it breaks off.
     */
    void forgetBefore(Database database, ZonedDateTime end);
  }

  /**
   * Drops the months that have ended. One node at a time does it; the others pass by.
   *
   * <p>Each month is a transaction of its own, and lock and time-out are that transaction's: a node
   * that dies, or a pool between us and the database that hands its connections round, keeps
   * neither. Detaching needs the whole table for an instant. Who waits for that holds up every
   * insert behind them, so it is asked for a tenth of a second, and again later: not CONCURRENTLY,
   * which refuses a transaction.
   */
  Outcome apply(Database database, String table, Beside beside) {
    List<Partition> ended =
        database.transaction(
            "list old partitions of table " + table,
            handle -> {
              YearMonth oldest = Partitions.now(handle).minusMonths(months);
              return Partition.list(handle, database, table).stream()
                  .filter(partition -> partition.month().isBefore(oldest))
                  .toList();
            });
    Outcome outcome = Outcome.DONE;
    for (Partition partition : ended) {
      try {
        beside.forgetBefore(
            database, partition.month().plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC));
        boolean mine =
            database.transaction(
                "drop " + partition.name(), handle -> drop(handle, database, table, partition));
        if (!mine) {
          return Outcome.waitsFor("another node that drops old months of table " + table);
        }
      } catch (RealtimeException e) {
        outcome = waitsOrThrows(e, database.schema(), table, partition);
      }
    }
    return outcome;
  }

  private static boolean drop(Handle handle, Database database, String table, Partition partition) {
    RealtimeSchema schema = database.schema();
    boolean mine =
        handle
            .createQuery("SELECT pg_try_advisory_xact_lock(hashtextextended(:lock, 0))")
            .bind("lock", "realtime4j:ended-months:" + schema + ":" + table)
            .mapTo(Boolean.class)
            .one();
    if (!mine) {
      return false;
    }
    Partitions.lockTimeout(handle, LOCK_TIMEOUT);
    // Another node may have been faster.
    Partition now =
        Partition.list(handle, database, table).stream()
            .filter(found -> found.name().equals(partition.name()))
            .findFirst()
            .orElse(null);
    if (now == null) {
      return true;
    }
    String detach = "ALTER TABLE $schema." + table + " DETACH PARTITION $schema." + now.name();
    switch (now.state()) {
      case ATTACHED -> handle.execute(schema.sql(detach));
      case DETACHING -> handle.execute(schema.sql(detach + " FINALIZE"));
      case DETACHED -> {}
    }
    handle.execute(schema.sql("DROP TABLE IF EXISTS $schema." + now.name()));
    log.info("dropped {}, whose time of retention has ended", now.name());
    return true;
  }

  private static Outcome waitsOrThrows(
      RealtimeException failure, RealtimeSchema schema, String table, Partition partition) {
    SQLException sql = SqlErrors.find(failure);
    if (sql != null && SqlErrors.is(sql, SqlErrors.LOCK_NOT_OBTAINED)) {
      log.debug("{} is in use and is dropped later", partition.name());
      return Outcome.waitsFor(
          "the transactions that use table "
              + table
              + ", of which an old month is to be dropped; look for the long ones in"
              + " pg_stat_activity");
    }
    if (sql != null && SqlErrors.is(sql, SqlErrors.NO_RIGHT)) {
      throw new RealtimeException(
          ErrorCode.INTERNAL,
          "the application's role may not drop old months of table "
              + table
              + " in schema "
              + schema
              + ", of which it is not the owner; let the owner drop them, or set no retention",
          failure);
    }
    throw failure;
  }
}
