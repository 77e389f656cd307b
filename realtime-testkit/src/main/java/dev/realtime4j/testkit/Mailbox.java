package dev.realtime4j.testkit;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One user's notifications, as a server keeps them. Used by the wire only. */
final class Mailbox {
  private static final int MOST_MISSED = 200;

  /** A notification, and when it became visible among all the others. */
  private record Row(Notification notification, long visibleAs) {}

  private final NavigableMap<NotificationId, Row> rows = new TreeMap<>(Comparator.reverseOrder());
  private long visible;

  /** What a client missed; empty when the list has to be read. */
  record Missed(Optional<List<Notification>> notifications, @Nullable NotificationId from) {}

  static final Missed UNKNOWN = new Missed(Optional.empty(), null);

  /** It becomes visible now, whenever its id was made. */
  void add(Notification notification) {
    rows.put(notification.id(), new Row(notification, ++visible));
  }

  List<Notification> newestFirst() {
    return rows.values().stream().map(Row::notification).toList();
  }

  UnreadCount unread() {
    return UnreadCount.of(newestFirst().stream().filter(n -> !n.isRead()).count());
  }

  /** Marks one as read; whether it was not before. */
  boolean read(NotificationId id, Instant at) {
    Row row = rows.get(id);
    if (row == null) {
      throw new RealtimeException(ErrorCode.NOT_FOUND, "no notification " + id);
    }
    return read(row, at);
  }

  /** Marks all up to one; how many were not before. */
  int readAll(NotificationId upTo, Instant at) {
    return (int)
        List.copyOf(rows.tailMap(upTo, true).values()).stream()
            .filter(row -> read(row, at))
            .count();
  }

  private boolean read(Row row, Instant at) {
    Notification old = row.notification();
    if (old.isRead()) {
      return false;
    }
    Notification read =
        new Notification(old.id(), old.userId(), old.content(), at, old.createdAt());
    rows.put(old.id(), new Row(read, row.visibleAs()));
    return true;
  }

  void delete(NotificationId id) {
    if (rows.remove(id) == null) {
      throw new RealtimeException(ErrorCode.NOT_FOUND, "no notification " + id);
    }
  }

  /** Everything that is visible now is before it. */
  long cursor() {
    return visible;
  }

  Missed missedSince(long cursor) {
    List<Notification> missed =
        Stream.iterate(rows.lastEntry(), entry -> entry != null, e -> rows.lowerEntry(e.getKey()))
            .filter(entry -> entry.getValue().visibleAs() > cursor)
            .map(entry -> entry.getValue().notification())
            .toList();
    NotificationId from = missed.isEmpty() ? null : missed.get(0).id();
    return new Missed(missed.size() > MOST_MISSED ? Optional.empty() : Optional.of(missed), from);
  }

  /** A page as {@code notification.list} answers it. */
  Json page(Map<String, Json> params) {
    int limit = (int) number(params.get("limit"), 20);
    Json cursor = params.getOrDefault("cursor", Json.NULL);
    boolean unreadOnly = isTrue(params.get("unread"));
    Json type = params.getOrDefault("type", Json.NULL);
    List<Notification> found =
        newestFirst().stream()
            .filter(n -> cursor.isNull() || n.id().compareTo(id(cursor)) < 0)
            .filter(n -> !unreadOnly || !n.isRead())
            .filter(n -> type.isNull() || n.content().type().name().equals(type.asString()))
            .limit(limit + 1L)
            .toList();
    List<Notification> page = found.subList(0, Math.min(limit, found.size()));
    return Json.object(
        "notifications",
        page.stream().map(NotificationJson::of).toList(),
        "next_cursor",
        found.size() > limit ? page.get(limit - 1).id() : null);
  }

  private static NotificationId id(Json text) {
    return NotificationId.of(text.asString());
  }

  private static long number(@Nullable Json value, long otherwise) {
    return value == null || value.isNull() ? otherwise : value.asLong();
  }

  private static boolean isTrue(@Nullable Json value) {
    return value != null && !value.isNull() && value.asBoolean();
  }
}
