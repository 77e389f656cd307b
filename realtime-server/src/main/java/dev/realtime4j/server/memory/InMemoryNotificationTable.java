package dev.realtime4j.server.memory;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.Uuids;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationFilter.ReadState;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** The rows, by user and id. Guarded by its repository. */
final class InMemoryNotificationTable {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{12}\\.[0-9]{1,18}");

  /** A cursor is worth nothing after a restart, and says so. */
  private final String epoch = UUID.randomUUID().toString().substring(24);

  private final Map<UserId, NavigableMap<NotificationId, Row>> users = new HashMap<>();
  private final Set<NotificationId> used = new HashSet<>();
  private long transaction;

  private record Row(Notification notification, long transaction) {}

  boolean isUsed(NotificationId id) {
    return used.contains(id);
  }

  /** What is added from here on commits together. */
  void begin() {
    transaction++;
  }

  void add(Notification notification) {
    used.add(notification.id());
    users
        .computeIfAbsent(notification.userId(), user -> new TreeMap<>())
        .put(notification.id(), new Row(notification, transaction));
  }

  /** All of a user, oldest first; a copy. */
  List<Notification> of(UserId user) {
    return rows(user).values().stream().map(Row::notification).toList();
  }

  Optional<Notification> find(UserId user, NotificationId id) {
    return Optional.ofNullable(rows(user).get(id)).map(Row::notification);
  }

  private NavigableMap<NotificationId, Row> rows(UserId user) {
    return users.getOrDefault(user, new TreeMap<>());
  }

  boolean markRead(UserId user, NotificationId id, Instant at) {
    Row row = rows(user).get(id);
    if (row == null) {
      return false;
    }
    Notification unread = row.notification();
    Notification read = new Notification(id, user, unread.content(), at, unread.createdAt());
    rows(user).put(id, new Row(read, row.transaction()));
    return true;
  }

  boolean remove(UserId user, NotificationId id) {
    used.remove(id);
    return rows(user).remove(id) != null;
  }

  int removeAll(UserId user) {
    NavigableMap<NotificationId, Row> removed = users.remove(user);
    if (removed == null) {
      return 0;
    }
    used.removeAll(removed.keySet());
    return removed.size();
  }

  Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page) {
    NavigableMap<NotificationId, Row> rows = rows(user).descendingMap();
    String cursor = page.cursor();
    if (cursor != null) {
      rows = rows.tailMap(new NotificationId(Uuids.cursor(cursor)), false);
    }
    List<Notification> items = new ArrayList<>();
    int bytes = 0;
    for (Row row : rows.values()) {
      Notification next = row.notification();
      if (!matches(next, filter)) {
        continue;
      }
      bytes += next.content().bytes();
      boolean full = items.size() == page.limit() || bytes > NotificationQueries.MAX_ANSWER_BYTES;
      if (full && !items.isEmpty()) {
        return new Page<>(items, items.get(items.size() - 1).id().toString());
      }
      items.add(next);
    }
    return new Page<>(items, null);
  }

  private static boolean matches(Notification notification, NotificationFilter filter) {
    boolean type = filter.type() == null || filter.type() == notification.content().type();
    return type && (filter.readState() == ReadState.ALL || !notification.isRead());
  }

  SyncResult sync(UserId user, Optional<SyncCursor> cursor, int limit) {
    SyncCursor now = new SyncCursor(epoch + "." + transaction);
    if (cursor.isEmpty()) {
      return SyncResult.complete(List.of(), now);
    }
    String since = cursor.get().value();
    if (!FORM.matcher(since).matches() || !since.startsWith(epoch) || seen(since) > transaction) {
      return SyncResult.resync(now, null);
    }
    long known = seen(since);
    List<Notification> missed =
        rows(user).values().stream()
            .filter(row -> row.transaction() > known)
            .map(Row::notification)
            .toList();
    int bytes = missed.stream().mapToInt(notification -> notification.content().bytes()).sum();
    return missed.size() > limit || bytes > NotificationQueries.MAX_ANSWER_BYTES
        ? SyncResult.resync(now, missed.get(0).id())
        : SyncResult.complete(missed, now);
  }

  private static long seen(String cursor) {
    return Long.parseLong(cursor.substring(cursor.indexOf('.') + 1));
  }
}
