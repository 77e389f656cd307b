package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * When users were last connected: one row for each, which triggers keep with the connection log,
 * whoever writes that. All of it goes through functions that have their owner's rights: a role that
 * was granted rights on the log before there was such a table needs no more.
 */
final class LastSeen {
  private LastSeen() {}

  /** One lookup by key for each user, however long the log is. */
  static Map<UserId, Instant> of(Database database, Collection<UserId> users) {
    if (users.isEmpty()) {
      return Map.of();
    }
    List<UUID> ids = users.stream().map(UserId::value).distinct().toList();
    return database.statement(
        "read when " + ids.size() + " users were last connected",
        handle ->
            handle
                .createQuery(
                    database.sql(
                        "SELECT user_id, last_seen FROM $schema.last_seen(:users::uuid[])"))
                .bindArray("users", UUID.class, ids)
                .map(
                    (row, context) ->
                        Map.entry(
                            new UserId(NotificationRows.uuid(row, "user_id")),
                            NotificationRows.instant(row, "last_seen")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** What the trigger left of a user whose connections were just deleted. */
  static void forget(Handle handle, RealtimeSchema schema, UserId user) {
    handle
        .createQuery(schema.sql("SELECT $schema.forget_last_seen(:user)"))
        .bind("user", user.value())
        .mapTo(String.class)
        .one();
  }

  /**
   * The log before a time is about to be dropped. Needs the rights of the owner, as dropping does.
   * Waits for nobody: a row that somebody holds is about to become a new one.
   */
  static void forgetBefore(Database database, ZonedDateTime end) {
    database.transaction(
        "forget who was last connected before " + end,
        handle ->
            handle
                .createUpdate(
                    database.sql(
                        """
                        DELETE FROM $schema.user_last_seen s
                        USING (SELECT user_id FROM $schema.user_last_seen
                               WHERE last_seen < :end::timestamptz FOR UPDATE SKIP LOCKED) AS ended
                        WHERE s.user_id = ended.user_id
                        """))
                .bind("end", end.toInstant().toString())
                .execute());
  }
}
