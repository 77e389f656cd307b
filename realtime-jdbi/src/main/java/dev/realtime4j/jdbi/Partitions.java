package dev.realtime4j.jdbi;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.jdbi.SqlErrors.MissingMonthException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monthly partitions of one table: made ahead, made on demand, counted. Time is the database's:
 * nodes whose clocks differ agree on the month.
 */
final class Partitions {
  /** Beside last month and this one. */
  static final int MONTHS_AHEAD = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final YearMonth FIRST = YearMonth.of(2000, 1);

  private final Database database;
  private final String table;
  private final Retention retention;

  /** Months that a partition was seen for. */
  private final Set<YearMonth> known = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean warned = new AtomicBoolean();

  Partitions(Database database, String table, Retention retention) {
    this.database = database;
    this.table = table;
    this.retention = retention;
  }

  /** Writes rows of these ids; when a month's partition is missing, creates it first. */
  <T> T writing(Collection<UUID> ids, Supplier<T> write) {
    ensure(ids);
    try {
      return write.get();
    } catch (MissingMonthException e) {
      // It was there once and is gone: look again, and try once more.
      known.clear();
      ensure(ids);
      return write.get();
    }
  }

  /**
   * Makes sure of the partition of an id within a transaction of the host, where a failed insert
   * could not be repeated. It is looked for on the host's connection: to take a second one of his
   * pool while he holds the first could block all his threads for good. Only a month that is really
   * missing is made on a connection of its own.
   */
  void ensure(Handle handle, UUID id) {
    YearMonth month = UuidTime.monthOf(id);
    if (!known.contains(month)) {
      known.addAll(attached(handle));
      ensure(List.of(id));
    }
  }

  /** Makes sure of the partitions of these ids, on a connection of its own. */
  private void ensure(Collection<UUID> ids) {
    Set<YearMonth> months = new TreeSet<>();
    for (UUID id : ids) {
      months.add(UuidTime.monthOf(id));
    }
    for (YearMonth month : months) {
      if (!known.contains(month)) {
        create(month);
      }
    }
  }

  private void create(YearMonth month) {
    if (month.isBefore(FIRST) || month.isAfter(now().plusYears(1))) {
      throw RealtimeException.badRequest(
          "an id of the time " + month + " for table " + table + " is not a UUIDv7 of our time");
    }
    String what = "create the partition of " + month + " of table " + table;
    boolean created;
    try {
      created = database.transaction(what, handle -> create(handle, month));
    } catch (RealtimeException e) {
      if (isDenied(e)) {
        throw RealtimeException.unavailable(
            "could not "
                + what
                + ": this role may not; let the schema's owner call create_months('"
                + table
                + "', "
                + MONTHS_AHEAD
                + ") in schema "
                + database.schema(),
            e);
      }
      throw e;
    }
    known.add(month);
    if (created) {
      LOG.info("created the partition of {} of table {}", month, table);
    }
  }

  private boolean create(Handle handle, YearMonth month) {
    return handle
        .createQuery(database.sql("SELECT $schema.create_month(:table, :month::date)"))
        .bind("table", table)
        .bind("month", month.atDay(1).toString())
        .mapTo(Boolean.class)
        .one();
  }

  /** Creates what is missing ahead, then drops what retention has ended. */
  void maintain() {
    try {
      int created =
          database.transaction(
              "create partitions of table " + table,
              handle ->
                  handle
                      .createQuery(database.sql("SELECT $schema.create_months(:table, :ahead)"))
                      .bind("table", table)
                      .bind("ahead", MONTHS_AHEAD)
                      .mapTo(Integer.class)
                      .one());
      known.addAll(database.transaction("list partitions of table " + table, this::attached));
      if (created > 0) {
        LOG.info("created {} monthly partitions of table {}", created, table);
      }
      retention.apply(database, table);
    } catch (RealtimeException e) {
      if (!isDenied(e)) {
        throw e;
      }
      if (warned.compareAndSet(false, true)) {
        LOG.warn(
            "this role may not maintain the monthly partitions of table {} in schema {}; months"
                + " ahead: {}. Let the schema's owner do it; this is said once",
            table,
            database.schema(),
            monthsAhead());
      }
    }
  }

  /** How many months after this one have their partition, without a hole. */
  int monthsAhead() {
    return database.transaction(
        "count partitions of table " + table,
        handle -> {
          YearMonth now = now(handle);
          Set<YearMonth> attached = attached(handle);
          int ahead = 0;
          while (attached.contains(now.plusMonths(ahead + 1))) {
            ahead++;
          }
          return ahead;
        });
  }

  private Set<YearMonth> attached(Handle handle) {
    return Partition.list(handle, database, table).stream()
        .filter(partition -> partition.state() == Partition.State.ATTACHED)
        .map(Partition::month)
        .collect(Collectors.toSet());
  }

  private YearMonth now() {
    return database.transaction("read the time", Partitions::now);
  }

  /** This month in UTC. */
  static YearMonth now(Handle handle) {
    Instant now =
        handle
            .createQuery("SELECT now() AS now")
            .map((row, context) -> NotificationRows.instant(row, "now"))
            .one();
    return YearMonth.from(now.atOffset(ZoneOffset.UTC));
  }

  private static boolean isDenied(RealtimeException failure) {
    SQLException sql = SqlErrors.find(failure);
    return sql != null && SqlErrors.is(sql, SqlErrors.NO_RIGHT);
  }
}
