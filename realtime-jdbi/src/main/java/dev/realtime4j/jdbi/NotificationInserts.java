package dev.realtime4j.jdbi;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Inserts notifications on a connection, in whoever's transaction it is. */
final class NotificationInserts {
  /** A key can be purged between our insert and our look; more often than this it cannot. */
  private static final int LOOKS = 3;

  private final RealtimeSchema schema;
  private final IdempotencyKeys keys;

  NotificationInserts(RealtimeSchema schema) {
    this.schema = schema;
    this.keys = new IdempotencyKeys(schema);
  }

  /** For an error: what could not be done. */
  static String what(List<NotificationId> ids) {
    return "store " + ids.size() + " notifications from id " + ids.get(0);
  }

  /** For an error: what could not be done. */
  static String whatForAll(List<NotificationId> ids) {
    return "store a notification for " + ids.size() + " users from id " + ids.get(0);
  }

  static void requireOneEach(List<?> ids, List<?> others) {
    if (ids.size() != others.size()) {
      throw new IllegalArgumentException(ids.size() + " ids for " + others.size());
    }
  }

  static void checkForAll(List<NotificationId> ids, List<UserId> receivers, @Nullable String key) {
    requireOneEach(ids, receivers);
    try {
      if (key != null) {
        IdempotencyKey.checked(key);
      }
    } catch (InvalidValueException e) {
      throw e.asFailure(); // whose key it is, the store does not know
    }
  }

  /**
   * The same content for many; the receivers that have the key are skipped.
   *
   * @throws IdempotencyConflictException when one has it with another content
   */
  List<Notification> insertForAll(
      Handle handle,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String key) {
    Query query =
        handle
            .createQuery(schema.sql(InsertStatements.FOR_ALL))
            .bindArray("ids", UUID.class, values(ids))
            .bindArray("users", UUID.class, receivers.stream().map(UserId::value).toList())
            .bind("type", content.type().name())
            .bind("title", content.title())
            .bind("body", content.body())
            .bind("data", content.data().text())
            .bind("key", key);
    Map<UUID, Instant> created = createdAt(query);
    if (key != null && created.size() < ids.size()) {
      keys.conflict(handle, receivers, content, key)
          .ifPresent(
              user -> {
                throw new IdempotencyConflictException(user);
              });
    }
    return stored(created, ids, receivers, content);
  }

  private static List<Notification> stored(
      Map<UUID, Instant> created,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content) {
    List<Notification> stored = new ArrayList<>(created.size());
    for (int i = 0; i < ids.size(); i++) {
      Instant at = created.get(ids.get(i).value());
      if (at != null) {
        stored.add(new Notification(ids.get(i), receivers.get(i), content, null, at));
      }
    }
    return stored;
  }

  /** Each with its own content and key; answered in the order given. */
  List<Stored> insert(
      Handle handle, List<NotificationId> ids, List<NewNotification> notifications) {
    SortedMap<Integer, Stored> stored = new TreeMap<>();
    List<Integer> open = IntStream.range(0, ids.size()).boxed().toList();
    for (int look = 1; look <= LOOKS && !open.isEmpty(); look++) {
      Map<UUID, Instant> created = insert(handle, ids, notifications, open);
      List<Integer> repeated = new ArrayList<>();
      for (int i : open) {
        NewNotification given = notifications.get(i);
        Instant at = created.get(ids.get(i).value());
        if (at == null) {
          repeated.add(i);
        } else {
          stored.put(
              i,
              new Stored(
                  new Notification(ids.get(i), given.userId(), given.content(), null, at),
                  Outcome.NEW));
        }
      }
      if (!repeated.isEmpty()) {
        stored.putAll(keys.first(handle, notifications, repeated));
      }
      open = repeated.stream().filter(i -> !stored.containsKey(i)).toList();
    }
    if (!open.isEmpty()) {
      throw RealtimeException.unavailable(
          "could not store notification "
              + ids.get(open.get(0))
              + ": its idempotency key comes"
              + " and goes",
          null);
    }
    return List.copyOf(stored.values());
  }

  private Map<UUID, Instant> insert(
      Handle handle,
      List<NotificationId> ids,
      List<NewNotification> notifications,
      List<Integer> open) {
    Query query = handle.createQuery(schema.sql(InsertStatements.EACH));
    query.bindArray("ids", UUID.class, open.stream().map(i -> ids.get(i).value()).toList());
    NotificationColumns.bind(query, open.stream().map(notifications::get).toList());
    return createdAt(query);
  }

  private static Map<UUID, Instant> createdAt(Query query) {
    return query
        .map(
            (row, context) ->
                Map.entry(
                    NotificationRows.uuid(row, "id"), NotificationRows.instant(row, "created_at")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static List<UUID> values(List<NotificationId> ids) {
    return ids.stream().map(NotificationId::value).toList();
  }
}
