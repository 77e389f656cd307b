package dev.realtime4j.jdbi;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads the connection log. */
final class ConnectionLists {
  /** How far an id's time may be off the time of the connection. */
  private static final Duration SKEW = Duration.ofHours(1);

  private final Database database;

  ConnectionLists(Database database) {
    this.database = database;
  }

  Page<ConnectionLogEntry> connections(UserId user, PageRequest page) {
    return database.transaction(
        "list connections of user " + user,
        handle ->
            page(
                query(handle, "c.user_id = :user AND c.id < :before")
                    .bind("user", user.value())
                    .bind("before", before(page)),
                page));
  }

  Page<ConnectionLogEntry> openAt(Instant at, PageRequest page) {
    return database.transaction(
        "list connections open at " + at,
        handle ->
            page(
                query(
                        handle,
                        "c.connected_at <= :at::timestamptz"
                            + " AND (c.disconnected_at IS NULL"
                            + " OR c.disconnected_at > :at::timestamptz)"
                            + " AND c.id < :newest AND c.id < :before")
                    .bind("at", at.truncatedTo(ChronoUnit.MICROS).toString())
                    .bind("newest", UuidTime.floor(at.plus(SKEW)))
                    .bind("before", before(page)),
                page));
  }

  private Query query(Handle handle, String condition) {
    return handle.createQuery(
        database.sql(
            "SELECT "
                + ConnectionRows.COLUMNS
                + " FROM $schema.connection_log c WHERE "
                + condition
                + " ORDER BY c.id DESC LIMIT :limit"));
  }

  private static UUID before(PageRequest page) {
    String cursor = page.cursor();
    return cursor == null ? UuidTime.GREATEST : Uuids.cursor(cursor);
  }

  private static Page<ConnectionLogEntry> page(Query query, PageRequest page) {
    List<ConnectionLogEntry> found =
        query
            .bind("limit", page.limit() + 1)
            .map((row, context) -> ConnectionRows.read(row))
            .list();
    if (found.size() <= page.limit()) {
      return new Page<>(found, null);
    }
    List<ConnectionLogEntry> items = found.subList(0, page.limit());
    return new Page<>(items, items.get(items.size() - 1).id().toString());
  }
}
