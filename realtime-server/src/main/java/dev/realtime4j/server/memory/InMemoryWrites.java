package dev.realtime4j.server.memory;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an open transaction wrote, and nobody else sees. Guarded by its repository. */
final class InMemoryWrites {
  private final Map<NotificationId, Notification> rows = new LinkedHashMap<>();
  private final InMemoryIdempotencyKeys keys = new InMemoryIdempotencyKeys();

  void add(Notification created, NewNotification given) {
    rows.put(created.id(), created);
    keys.use(given, created.id(), created.createdAt());
  }

  boolean has(NotificationId id) {
    return rows.containsKey(id);
  }

  Optional<Notification> find(NotificationId id) {
    return Optional.ofNullable(rows.get(id));
  }

  /** The first use of a notification's key in this transaction. */
  Optional<InMemoryIdempotencyKeys.First> first(NewNotification notification) {
    return keys.first(notification);
  }

  /** As if these had not been written. */
  void takeBack(Collection<NotificationId> ids) {
    ids.forEach(rows::remove);
    keys.forget(Set.copyOf(ids));
  }

  Collection<Notification> rows() {
    return rows.values();
  }

  InMemoryIdempotencyKeys keys() {
    return keys;
  }
}
