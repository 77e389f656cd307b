package dev.realtime4j.jdbi;

import dev.realtime4j.api.RealtimeException;
import java.time.Period;
import java.time.YearMonth;
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

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  static Retention of(Period period) {
    if (period.getDays() != 0 || period.toTotalMonths() < 1 || period.toTotalMonths() > 1200) {
      throw RealtimeException.badRequest(
          "retention is in whole months, 1 to 1200, such as Period.ofMonths(12), not " + period);
    }
    return new Retention((int) period.toTotalMonths());
  }

  /** Drops the months that have ended. One node at a time does it; the others pass by. */
  void apply(Database database, String table) {
    if (months == 0) {
      return;
    }
    database.autoCommit(
        "drop old partitions of table " + table, handle -> dropAll(handle, database, table));
  }

  private boolean dropAll(Handle handle, Database database, String table) {
    RealtimeSchema schema = database.schema();
    String lock = "hashtextextended('realtime4j:retention:" + schema + ":" + table + "', 0)";
    boolean mine =
        handle.createQuery("SELECT pg_try_advisory_lock(" + lock + ")").mapTo(Boolean.class).one();
    if (!mine) {
      return false;
    }
    try {
      handle.execute("SET lock_timeout = '10s'");
      YearMonth oldest = Partitions.now(handle).minusMonths(months);
      for (Partition partition : Partition.list(handle, database, table)) {
        if (!partition.month().isBefore(oldest)) {
          break;
        }
        drop(handle, schema, table, partition);
        LOG.info("dropped {}, whose time of retention has ended", partition.name());
      }
      return true;
    } finally {
      handle.execute("RESET lock_timeout");
      handle.execute("SELECT pg_advisory_unlock(" + lock + ")");
    }
  }

  /** Without CONCURRENTLY, the detach would hold up every insert while it waits. */
  private static void drop(
      Handle handle, RealtimeSchema schema, String table, Partition partition) {
    String detach =
        "ALTER TABLE $schema." + table + " DETACH PARTITION $schema." + partition.name();
    switch (partition.state()) {
      case ATTACHED -> handle.execute(schema.sql(detach + " CONCURRENTLY"));
      case DETACHING -> handle.execute(schema.sql(detach + " FINALIZE"));
      case DETACHED -> {}
    }
    handle.execute(schema.sql("DROP TABLE IF EXISTS $schema." + partition.name()));
  }
}
