package dev.realtime4j.jdbi;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.internal.SeldomTold;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows of the table to {@link Notification}s. */
final class NotificationRows {
  /** All columns but the internal one, of the table alias {@code n}. */
  static final String COLUMNS =
      "n.id, n.user_id, n.type, n.title, n.body, n.data::text AS data, n.read_at, n.created_at";

  private static final Logger log = LoggerFactory.getLogger(NotificationRows.class);
  private static final SeldomTold SELDOM = new SeldomTold(RealTime::nanoTime);

  private NotificationRows() {}

  static Notification read(ResultSet row) throws SQLException {
    UUID id = uuid(row, "id");
    return new Notification(
        new NotificationId(id),
        new UserId(uuid(row, "user_id")),
        content(row, id),
        instantOrNull(row, "read_at"),
        instant(row, "created_at"));
  }

  /** Those of these ids that exist, in the order of id. */
  static List<Notification> byId(Handle handle, RealtimeSchema schema, Collection<UUID> ids) {
    return handle
        .createQuery(
            schema.sql(
                "SELECT "
                    + COLUMNS
                    + " FROM $schema.notification n WHERE n.id = ANY(:ids::uuid[]) ORDER BY n.id"))
        .bindArray("ids", UUID.class, ids)
        .map((row, context) -> read(row))
        .list();
  }

  private static NotificationContent content(ResultSet row, UUID id) throws SQLException {
    NotificationType type = NotificationType.of(row.getString("type"));
    String title = row.getString("title");
    String body = row.getString("body");
    try {
      Json data = Json.parse(JsonbText.compact(row.getString("data")));
      return new NotificationContent(type, title, body, data);
    } catch (InvalidValueException e) {
      // Plain SQL can store what no client could read, such as 65 levels of nesting. One such row
      // must not take a user's whole list and catch-up with it.
      SELDOM
          .now("data")
          .ifPresent(
              more ->
                  log.warn(
                      "notification {} holds data that cannot be sent; it is shown without ({} more"
                          + " since the last time)",
                      id,
                      more));
      return new NotificationContent(type, title, body, Json.EMPTY);
    }
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
