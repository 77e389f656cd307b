package dev.realtime4j.jdbi;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.UnreadCount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;

/** Lists and counts a user's notifications. */
final class JdbiNotificationQueries implements NotificationQueries {
  /** Few rows at a time: a page ends when it is heavy enough. */
  private static final int FETCH_SIZE = 25;

  private final Database database;

  JdbiNotificationQueries(Database database) {
    this.database = database;
  }

  @Override
  public Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page) {
    String cursor = page.cursor();
    UUID before = cursor == null ? null : Uuids.cursor(cursor);
    return database.transaction(
        "list notifications of user " + user,
        handle -> {
          Query query =
              handle
                  .createQuery(database.sql(sql(filter, before == null)))
                  .bind("user", user.value())
                  .bind("limit", page.limit() + 1)
                  .setFetchSize(FETCH_SIZE);
          if (before != null) {
            query.bind("before", before);
          }
          try (ResultIterator<Notification> rows =
              query.map((row, context) -> NotificationRows.read(row)).iterator()) {
            return page(rows, page.limit());
          }
        });
  }

  /**
   * Walks (user_id, id DESC) from the newest partition; the older ones are never opened. The first
   * page has no bound at all: for one, the planner would look up the greatest id of each partition.
   */
  static String sql(NotificationFilter filter, boolean isFirst) {
    return "SELECT "
        + NotificationRows.COLUMNS
        + " FROM $schema.notification n WHERE n.user_id = :user"
        + (isFirst ? "" : " AND n.id < :before")
        + (filter.readState() == ReadState.UNREAD ? " AND n.read_at IS NULL" : "")
        + (filter.type() == null ? "" : " AND n.type = '" + filter.type().name() + "'")
        + " ORDER BY n.id DESC LIMIT :limit";
  }

  private static Page<Notification> page(ResultIterator<Notification> rows, int limit) {
    List<Notification> items = new ArrayList<>();
    int bytes = 0;
    while (rows.hasNext()) {
      Notification next = rows.next();
      bytes += next.content().bytes();
      boolean full = items.size() == limit || bytes > MAX_ANSWER_BYTES;
      if (full && !items.isEmpty()) {
        return new Page<>(items, items.get(items.size() - 1).id().toString());
      }
      items.add(next);
    }
    return new Page<>(items, null);
  }

  @Override
  public UnreadCount unreadCount(UserId user) {
    return unreadCounts("user " + user, List.of(user)).getOrDefault(user, UnreadCount.of(0));
  }

  @Override
  public Map<UserId, UnreadCount> unreadCounts(Collection<UserId> users) {
    return users.isEmpty() ? Map.of() : unreadCounts(users.size() + " users", users);
  }

  private Map<UserId, UnreadCount> unreadCounts(String whose, Collection<UserId> users) {
    return database.statement(
        "count unread notifications of " + whose,
        handle ->
            handle
                .createQuery(
                    database.sql(
                        """
                        SELECT g.user_id,
                               (SELECT count(*) FROM (
                                  SELECT FROM $schema.notification n
                                  WHERE n.user_id = g.user_id AND n.read_at IS NULL
                                  LIMIT :enough) AS counted) AS unread
                        FROM unnest(:users::uuid[]) AS g(user_id)
                        """))
                .bindArray("users", UUID.class, users.stream().map(UserId::value).toList())
                .bind("enough", UnreadCount.CAP + 1)
                .reduceRows(
                    new HashMap<>(),
                    (counts, row) -> {
                      counts.put(
                          new UserId(row.getColumn("user_id", UUID.class)),
                          UnreadCount.of(row.getColumn("unread", Long.class)));
                      return counts;
                    }));
  }
}
