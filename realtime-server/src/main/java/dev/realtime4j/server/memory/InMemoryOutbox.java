package dev.realtime4j.server.memory;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is not yet handed to the cluster. Guarded by its repository. */
final class InMemoryOutbox {
  private final SortedMap<NotificationId, Entry> entries = new TreeMap<>();

  /**
   * @param storedAt when it was stored
   * @param touchedAt the same, or when it was claimed last
   */
  private record Entry(UserId user, Instant storedAt, Instant touchedAt) {}

  void add(Notification notification) {
    entries.put(
        notification.id(),
        new Entry(notification.userId(), notification.createdAt(), notification.createdAt()));
  }

  Optional<UserId> owner(NotificationId id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::user);
  }

  Map<NotificationId, UserId> claim(Instant now, Duration lease, int limit) {
    Map<NotificationId, UserId> claimed = new LinkedHashMap<>();
    Iterator<Map.Entry<NotificationId, Entry>> all = entries.entrySet().iterator();
    while (all.hasNext() && claimed.size() < limit) {
      Map.Entry<NotificationId, Entry> entry = all.next();
      Entry waiting = entry.getValue();
      if (!waiting.touchedAt().plus(lease).isAfter(now)) {
        claimed.put(entry.getKey(), waiting.user());
        entry.setValue(new Entry(waiting.user(), waiting.storedAt(), now));
      }
    }
    return claimed;
  }

  OutboxBacklog backlog(Instant now) {
    return entries.values().stream()
        .findFirst()
        .map(oldest -> new OutboxBacklog(entries.size(), Duration.between(oldest.storedAt(), now)))
        .orElse(OutboxBacklog.EMPTY);
  }

  void remove(NotificationId id) {
    entries.remove(id);
  }

  int removeAll(UserId user) {
    int before = entries.size();
    entries.values().removeIf(entry -> entry.user().equals(user));
    return before - entries.size();
  }
}
