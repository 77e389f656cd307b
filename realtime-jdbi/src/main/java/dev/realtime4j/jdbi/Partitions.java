package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.MaintenanceStep.Outcome;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.jdbi.SqlErrors.MissingMonthException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monthly partitions of one table: made ahead, made on demand, counted. Time is the database's:
 * nodes whose clocks differ agree on the month.
 */
final class Partitions {
  /** Beside last month and this one. */
  static final int MONTHS_AHEAD = 3;

  /** With fewer, somebody else's job that makes them is late. */
  private static final int FEWEST_AHEAD = 2;

  /** A send waits no longer for whoever changes the table. */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Partitions.class);
  private static final YearMonth FIRST = YearMonth.of(2000, 1);

  private final Database database;
  private final String table;
  private final Retention retention;
  private final Retention.Beside beside;

  /** Months that a partition was seen for. */
  private final Set<YearMonth> known = ConcurrentHashMap.newKeySet();

  /**
   * @param beside what else ends with the months of the table
   */
  Partitions(Database database, String table, Retention retention, Retention.Beside beside) {
    this.beside = beside;
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
   * Writes rows in a transaction of the host. When it fails for a month that was there once and is
   * gone, the next one looks again; this one is lost, as whatever fails in a transaction.
   */
  <T> T joining(Supplier<T> write) {
    try {
      return write.get();
    } catch (MissingMonthException e) {
      known.clear();
      throw e;
    }
  }

  /**
   * Makes sure of the partition of an id within a transaction of the host, where a failed insert
   * could not be repeated. It is looked for on the host's connection: to take a second one of their
   * pool while they hold the first could block all their threads for good. Only a month that is
   * really missing is made on a connection of its own.
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
    try {
      make(month);
    } catch (InTheWayException e) {
      // With a DEFAULT partition the rows go there; without one the insert fails.
      log.debug("{}", e.getMessage());
    }
    known.add(month);
  }

  /** What the application, or its administrator, has put where the partition should be. */
  private static final class InTheWayException extends RealtimeException {
    private static final long serialVersionUID = 1L;

    InTheWayException(String message, @Nullable Throwable cause) {
      super(ErrorCode.INTERNAL, message, cause);
    }
  }

  private void make(YearMonth month) {
    String what = "create the partition of " + month + " of table " + table;
    boolean created;
    try {
      created = database.transaction(what, handle -> create(handle, month));
    } catch (RealtimeException e) {
      SQLException sql = SqlErrors.find(e);
      if (sql != null && SqlErrors.is(sql, SqlErrors.NO_RIGHT)) {
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
      if (sql != null && SqlErrors.is(sql, SqlErrors.CHECK_VIOLATION)) {
        throw new InTheWayException(
            "could not "
                + what
                + ": the DEFAULT partition that the application has added to it holds rows of that"
                + " month; move them out of it, or detach it, as the months are made ahead",
            e);
      }
      if (sql == null || !SqlErrors.existsAlready(sql)) {
        throw e;
      }
      created = false; // Another node was faster, after create_month had looked.
    }
    if (created) {
      log.info("created the partition of {} of table {}", month, table);
    } else if (!isAttached(month)) {
      throw new InTheWayException(
          "could not "
              + what
              + ": a table of its name is there and is no partition, as after a detach; attach it"
              + " again, or rename or drop it",
          null);
    }
  }

  /** In a transaction of its own, whose snapshot is later than what another node has made. */
  private boolean isAttached(YearMonth month) {
    return database
        .transaction("list partitions of table " + table, this::attached)
        .contains(month);
  }

  private boolean create(Handle handle, YearMonth month) {
    lockTimeout(handle, LOCK_TIMEOUT);
    return handle
        .createQuery(database.sql("SELECT $schema.create_month(:table, :month::date)"))
        .bind("table", table)
        .bind("month", month.atDay(1).toString())
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * How long the statements of this transaction wait for a lock; the session keeps its own time.
   */
  static void lockTimeout(Handle handle, Duration timeout) {
    handle
        .createQuery("SELECT set_config('lock_timeout', :millis, true)")
        .bind("millis", Long.toString(timeout.toMillis()))
        .mapTo(String.class)
        .one();
  }

  /** What a node does by and by, each by itself. */
  List<MaintenanceStep> maintenance() {
    MaintenanceStep ahead = new MaintenanceStep("months", this::makeAhead);
    return retention.isForEver()
        ? List.of(ahead)
        : List.of(
            ahead,
            new MaintenanceStep("retention", () -> retention.apply(database, table, beside)));
  }

  /**
   * Makes last month (a node's clock may be behind), this one, and those ahead; each by itself, so
   * that one which cannot be made hinders no other. Looks first: a role without the right to make
   * them needs none while they are there.
   */
  private Outcome makeAhead() {
    YearMonth now = now();
    RealtimeException failure = null;
    Outcome outcome = Outcome.DONE;
    for (YearMonth month :
        database.transaction("list partitions of table " + table, handle -> missing(handle, now))) {
      try {
        make(month);
        known.add(month);
      } catch (RealtimeException e) {
        SQLException sql = SqlErrors.find(e);
        if (sql != null && SqlErrors.is(sql, SqlErrors.LOCK_NOT_OBTAINED)) {
          outcome =
              Outcome.waitsFor(
                  "what holds table "
                      + table
                      + ", to which the next month is to be added; look into pg_stat_activity");
        } else if (sql != null && SqlErrors.is(sql, SqlErrors.NO_RIGHT)) {
          boolean late = !month.isBefore(now) && !month.isAfter(now.plusMonths(FEWEST_AHEAD));
          failure = failure == null && late ? denied() : failure;
        } else {
          failure = failure == null ? e : failure;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return outcome;
  }

  private RealtimeException denied() {
    return new RealtimeException(
        ErrorCode.INTERNAL,
        "the application's role may not make the next months of table "
            + table
            + " in schema "
            + database.schema()
            + ", and fewer than "
            + FEWEST_AHEAD
            + " are there; let the schema's owner call create_months('"
            + table
            + "', "
            + MONTHS_AHEAD
            + ") now and every month");
  }

  private List<YearMonth> missing(Handle handle, YearMonth now) {
    Set<YearMonth> attached = attached(handle);
    known.addAll(attached);
    return IntStream.rangeClosed(-1, MONTHS_AHEAD)
        .mapToObj(now::plusMonths)
        .filter(month -> !attached.contains(month))
        .toList();
  }

  /** How many months after this one have their partition, without a hole. */
  int partitionsAhead() {
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
}
