package dev.realtime4j.jdbi;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository.Stored;
import dev.realtime4j.api.notification.NotificationRepository.Stored.Outcome;
import dev.realtime4j.api.notification.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Writes notifications: row, outbox row and idempotency key are one statement, whether for one or
 * for many. Two transactions wait for each other only over the same idempotency key.
 */
final class NotificationInserts {
  /** What makes two contents the same; jsonb puts the members of an object in one order. */
  static final String HASH =
      "sha256(convert_to(jsonb_build_array(type, title, body, data::jsonb)::text, 'UTF8'))";

  private static final String INSERT =
      """
      WITH given AS (
        SELECT * FROM unnest(:ids::uuid[], :users::uuid[], :types::text[], :titles::text[],
                             :bodies::text[], :data::text[], :keys::text[])
          AS g(id, user_id, type, title, body, data, key)),
      keyed AS (
        INSERT INTO $schema.notification_dedupe
          (user_id, idempotency_key, notification_id, content_hash)
        SELECT user_id, key, id, %s FROM given WHERE key IS NOT NULL ORDER BY user_id, key
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING notification_id),
      stored AS (
        INSERT INTO $schema.notification (id, user_id, type, title, body, data)
        SELECT id, user_id, type, title, body, data::jsonb FROM given
        WHERE key IS NULL OR id IN (SELECT notification_id FROM keyed)
        RETURNING id, user_id, created_at),
      queued AS (
        INSERT INTO $schema.notification_outbox (notification_id, user_id)
        SELECT id, user_id FROM stored)
      SELECT id, created_at FROM stored
      """
          .formatted(HASH);

  /** The same content for many: it travels once. */
  private static final String INSERT_FOR_ALL =
      """
      WITH given AS (
        SELECT * FROM unnest(:ids::uuid[], :users::uuid[]) AS g(id, user_id) ORDER BY user_id),
      content AS (
        SELECT :type::text AS type, :title::text AS title, :body::text AS body,
               :data::jsonb AS data, :key::text AS key),
      keyed AS (
        INSERT INTO $schema.notification_dedupe
          (user_id, idempotency_key, notification_id, content_hash)
        SELECT user_id, key, id, hash
        FROM given CROSS JOIN (SELECT key, %s AS hash FROM content WHERE key IS NOT NULL) AS c
        ORDER BY user_id
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING notification_id),
      stored AS (
        INSERT INTO $schema.notification (id, user_id, type, title, body, data)
        SELECT id, user_id, type, title, body, data FROM given CROSS JOIN content
        WHERE key IS NULL OR id IN (SELECT notification_id FROM keyed)
        RETURNING id, user_id, created_at),
      queued AS (
        INSERT INTO $schema.notification_outbox (notification_id, user_id)
        SELECT id, user_id FROM stored)
      SELECT id, created_at FROM stored
      """
          .formatted(HASH);

  /** A key can be purged between our insert and our look; more often than this it cannot. */
  private static final int LOOKS = 3;

  private final Database database;
  private final Partitions partitions;
  private final IdempotencyKeys keys;

  NotificationInserts(Database database, Partitions partitions) {
    this.database = database;
    this.partitions = partitions;
    this.keys = new IdempotencyKeys(database.schema());
  }

  List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications) {
    return insertAll(ids, notifications, handle -> {});
  }

  /**
   * @param wait for another transaction at most so long
   * @throws IdempotencyKeyHeldException when that was not enough
   */
  List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    if (notifications.stream().allMatch(it -> it.idempotencyKey() == null)) {
      return insertAll(ids, notifications); // They wait for nobody.
    }
    try {
      return insertAll(
          ids,
          notifications,
          handle -> handle.execute("SET LOCAL lock_timeout = " + Math.max(1, wait.toMillis())));
    } catch (RealtimeException e) {
      SQLException sql = SqlErrors.find(e);
      if (sql != null && SqlErrors.is(sql, SqlErrors.LOCK_NOT_OBTAINED)) {
        throw new IdempotencyKeyHeldException(
            "could not store "
                + ids.size()
                + " notifications from id "
                + ids.get(0)
                + ": an open transaction holds an idempotency key",
            sql);
      }
      throw e;
    }
  }

  private List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Consumer<Handle> begin) {
    requireOneEach(ids, notifications);
    if (ids.isEmpty()) {
      return List.of();
    }
    String what = "store " + ids.size() + " notifications from id " + ids.get(0);
    return partitions.writing(
        values(ids),
        () ->
            database.transaction(
                what,
                handle -> {
                  begin.accept(handle);
                  return insert(handle, ids, notifications);
                }));
  }

  Stored insert(Transaction transaction, NotificationId id, NewNotification notification) {
    String what = "store notification " + id;
    return partitions.joining(
        () ->
            database.join(
                transaction.connection(),
                what,
                handle -> {
                  partitions.ensure(handle, id.value());
                  return insert(handle, List.of(id), List.of(notification)).get(0);
                }));
  }

  List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    requireOneEach(ids, notifications);
    if (ids.isEmpty()) {
      return List.of();
    }
    return joined(
        transaction,
        "store " + ids.size() + " notifications from id " + ids.get(0),
        ids,
        handle -> {
          List<Stored> stored = insert(handle, ids, notifications);
          for (Stored one : stored) {
            if (one.outcome() == Outcome.CONFLICT) {
              throw new IdempotencyConflictException(one.notification().userId());
            }
          }
          return stored;
        });
  }

  List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String key) {
    requireOneEach(ids, receivers);
    if (key != null) {
      IdempotencyKey.checked(key);
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    return joined(
        transaction,
        "store a notification for " + ids.size() + " users from id " + ids.get(0),
        ids,
        handle ->
            stored(insertForAll(handle, ids, receivers, content, key), ids, receivers, content));
  }

  /** Several in a transaction of the application: all of them or, at a conflict of keys, none. */
  private <T> T joined(
      Transaction transaction, String what, List<NotificationId> ids, Database.Work<T> work) {
    return partitions.joining(
        () ->
            database.join(
                transaction.connection(),
                what,
                handle -> {
                  ids.forEach(id -> partitions.ensure(handle, id.value()));
                  try {
                    return work.in(handle);
                  } catch (IdempotencyConflictException e) {
                    takeBack(handle, ids);
                    throw e;
                  }
                }));
  }

  /** None or all, also in a transaction that goes on and that we may not roll back. */
  private void takeBack(Handle handle, List<NotificationId> ids) {
    handle
        .createUpdate(
            database.sql(
                """
                WITH gone AS (
                  DELETE FROM $schema.notification WHERE id = ANY(:ids::uuid[])),
                unqueued AS (
                  DELETE FROM $schema.notification_outbox WHERE notification_id = ANY(:ids::uuid[]))
                DELETE FROM $schema.notification_dedupe
                WHERE (user_id, notification_id) IN (
                  SELECT user_id, id FROM $schema.notification WHERE id = ANY(:ids::uuid[]))
                """))
        .bindArray("ids", UUID.class, values(ids))
        .execute();
  }

  private static void requireOneEach(List<?> ids, List<?> others) {
    if (ids.size() != others.size()) {
      throw new IllegalArgumentException(ids.size() + " ids for " + others.size());
    }
  }

  List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String key) {
    requireOneEach(ids, receivers);
    if (key != null) {
      IdempotencyKey.checked(key);
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    String what = "store a notification for " + ids.size() + " users from id " + ids.get(0);
    Map<UUID, Instant> created =
        partitions.writing(
            values(ids),
            () ->
                database.transaction(
                    what, handle -> insertForAll(handle, ids, receivers, content, key)));
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

  private Map<UUID, Instant> insertForAll(
      Handle handle,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String key) {
    Query query =
        handle
            .createQuery(database.sql(INSERT_FOR_ALL))
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
    return created;
  }

  List<IdempotencyKey> idempotencyKeys(UserId user) {
    return database.transaction(
        "read the idempotency keys of user " + user, handle -> keys.of(handle, user));
  }

  private List<Stored> insert(
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
    Query query = handle.createQuery(database.sql(INSERT));
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

  private static List<UUID> values(List<NotificationId> ids) {
    return ids.stream().map(NotificationId::value).toList();
  }
}
