package dev.realtime4j.server.memory;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which notification an idempotency key was first used for. Guarded by its repository. */
final class InMemoryIdempotencyKeys {
  private final Map<Key, First> keys = new HashMap<>();

  private record Key(UserId user, String text) {}

  /** The first use of a key. */
  record First(NotificationId id, NotificationContent content, Instant at) {
    /** Whether that said the same; the order of the members of an object says nothing. */
    boolean isOf(NotificationContent other) {
      return comparable(content).equals(comparable(other));
    }

    private static Object comparable(NotificationContent content) {
      @Nullable Object[] parts = {
        content.type(), content.title(), content.body(), comparable(content.data())
      };
      return Arrays.asList(parts);
    }

    private static Object comparable(Json json) {
      if (json.isObject()) {
        Map<String, Object> members = new TreeMap<>();
        json.fields().forEach((name, value) -> members.put(name, comparable(value)));
        return members;
      }
      return json.isArray()
          ? json.elements().stream().map(First::comparable).toList()
          : json.isString() ? json.asString() : json;
    }
  }

  /** The first use of the key of a notification, if it has one. */
  Optional<First> first(NewNotification notification) {
    return Optional.ofNullable(notification.idempotencyKey())
        .map(key -> keys.get(new Key(notification.userId(), key)));
  }

  /** The key of a notification, if it has one, is used for the first time. */
  void use(NewNotification notification, NotificationId id, Instant now) {
    String key = notification.idempotencyKey();
    if (key != null) {
      keys.put(new Key(notification.userId(), key), new First(id, notification.content(), now));
    }
  }

  void addAll(InMemoryIdempotencyKeys others) {
    keys.putAll(others.keys);
  }

  /** As if these had not used a key. */
  void forget(Set<NotificationId> ids) {
    keys.values().removeIf(first -> ids.contains(first.id()));
  }

  /** The keys of a user, oldest first. */
  List<IdempotencyKey> of(UserId user) {
    return keys.entrySet().stream()
        .filter(entry -> entry.getKey().user().equals(user))
        .map(
            entry ->
                new IdempotencyKey(
                    entry.getKey().text(), entry.getValue().id(), entry.getValue().at()))
        .sorted(Comparator.comparing(IdempotencyKey::usedAt).thenComparing(IdempotencyKey::text))
        .toList();
  }

  int purge(Instant upTo) {
    int before = keys.size();
    keys.values().removeIf(first -> !first.at().isAfter(upTo));
    return before - keys.size();
  }

  int removeAll(UserId user) {
    int before = keys.size();
    keys.keySet().removeIf(key -> key.user().equals(user));
    return before - keys.size();
  }
}
