package dev.realtime4j.jdbi;

import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * One month of a table, as the catalog shows it.
 *
 * @param name of the partition's own table
 * @param month in UTC
 * @param state whether it is part of the table
 */
record Partition(String name, YearMonth month, State state) {
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu_MM");

  enum State {
    ATTACHED,
    /** A detach was begun and broke off. */
    DETACHING,
    /** Detached, and not yet dropped. */
    DETACHED
  }

  /** The months of a table, oldest first, with those that were detached and not yet dropped. */
  static List<Partition> list(Handle handle, Database database, String table) {
    return handle
        .createQuery(
            """
            SELECT c.relname,
                   CASE WHEN i.inhrelid IS NULL THEN 'DETACHED'
                        WHEN i.inhdetachpending THEN 'DETACHING'
                        ELSE 'ATTACHED' END AS state
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
            WHERE s.nspname = :schema AND c.relkind = 'r' AND c.relname ~ :pattern
            ORDER BY c.relname
            """)
        .bind("schema", database.schema().name())
        .bind("pattern", "^" + table + "_p[0-9]{4}_(0[1-9]|1[0-2])$")
        .map(
            (row, context) -> {
              String name = row.getString("relname");
              YearMonth month = YearMonth.parse(name.substring(table.length() + 2), MONTH);
              return new Partition(name, month, State.valueOf(row.getString("state")));
            })
        .list();
  }
}
