package dev.realtime4j.server.memory;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notifications in the memory of this process: for tests and demos. They are gone with the process,
 * nothing but memory bounds them, and no transaction of a database can include them.
 *
 * <p>Thread safety: every method may be called by any thread; one lock guards everything.
 * Lifecycle: nothing to close.
 */
public final class InMemoryNotificationRepository implements NotificationRepository {
  private final InstantSource clock;
  private final InMemoryNotificationTable table = new InMemoryNotificationTable();
  private final InMemoryOutbox outbox = new InMemoryOutbox();
  private final InMemoryIdempotencyKeys keys = new InMemoryIdempotencyKeys();

  private InMemoryNotificationRepository(InstantSource clock) {
    this.clock = clock;
  }

  /** An empty one. */
  public static InMemoryNotificationRepository create() {
    return create(ServerEnvironment.system().clock());
  }

  /**
   * An empty one with a clock of its own.
   *
   * @param clock gives creation times, leases and ages
   */
  public static InMemoryNotificationRepository create(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return new InMemoryNotificationRepository(clock);
  }

  @Override
  public Stored insert(NotificationId id, NewNotification notification) {
    return insertAll(List.of(id), List.of(notification)).get(0);
  }

  @Override
  public synchronized List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications) {
    if (ids.size() != notifications.size()) {
      throw new IllegalArgumentException(
          ids.size() + " ids for " + notifications.size() + " notifications");
    }
    table.begin(ids);
    List<Stored> stored = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      stored.add(store(ids.get(i), notifications.get(i)));
    }
    return List.copyOf(stored);
  }

  private Stored store(NotificationId id, NewNotification given) {
    Instant now = now();
    Notification created = new Notification(id, given.userId(), given.content(), null, now);
    Optional<InMemoryIdempotencyKeys.First> before = keys.use(given, id, now);
    if (before.isEmpty()) {
      table.add(created);
      outbox.add(created);
      return new Stored(created, Outcome.NEW);
    }
    InMemoryIdempotencyKeys.First first = before.get();
    Notification gone =
        new Notification(first.id(), given.userId(), given.content(), null, first.at());
    return new Stored(
        table.find(given.userId(), first.id()).orElse(gone),
        first.isOf(given.content()) ? Outcome.REPEATED : Outcome.CONFLICT);
  }

  @Override
  public synchronized List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    checkKey(idempotencyKey); // also for nobody
    List<NewNotification> all =
        receivers.stream().map(user -> new NewNotification(user, content, idempotencyKey)).toList();
    all.stream()
        .filter(keys::isConflict)
        .findFirst()
        .ifPresent(
            conflict -> {
              throw new IdempotencyConflictException(conflict.userId());
            });
    return insertAll(ids, all).stream()
        .filter(stored -> stored.outcome() == Outcome.NEW)
        .map(Stored::notification)
        .toList();
  }

  /**
   * Refuses: memory has no part in a transaction.
   *
   * @throws RealtimeException always {@code BAD_REQUEST}
   */
  @Override
  public Stored insert(Transaction transaction, NotificationId id, NewNotification notification) {
    throw RealtimeException.badRequest(
        "notifications in memory cannot be part of a database transaction; use"
            + " JdbiNotificationRepository of realtime-jdbi");
  }

  @Override
  public synchronized List<Notification> pending(Collection<NotificationId> ids) {
    return ids.stream()
        .distinct()
        .sorted()
        .flatMap(id -> outbox.owner(id).flatMap(user -> table.find(user, id)).stream())
        .toList();
  }

  @Override
  public synchronized List<Notification> claimOutbox(Duration lease, int limit) {
    return outbox.claim(clock.instant(), lease, limit).entrySet().stream()
        .flatMap(claim -> table.find(claim.getValue(), claim.getKey()).stream())
        .toList();
  }

  @Override
  public synchronized OutboxBacklog outboxBacklog() {
    return outbox.backlog(clock.instant());
  }

  @Override
  public synchronized void removeFromOutbox(Collection<NotificationId> ids) {
    ids.forEach(outbox::remove);
  }

  @Override
  public synchronized Map<UserId, SyncResult> sync(
      Map<UserId, Optional<SyncCursor>> cursors, int limit) {
    Map<UserId, SyncResult> answers = new HashMap<>();
    cursors.forEach((user, cursor) -> answers.put(user, table.sync(user, cursor, limit)));
    return answers;
  }

  @Override
  public synchronized Page<Notification> list(
      UserId user, NotificationFilter filter, PageRequest page) {
    return table.list(user, filter, page);
  }

  @Override
  public synchronized UnreadCount unreadCount(UserId user) {
    return UnreadCount.of(table.of(user).stream().filter(row -> !row.isRead()).count());
  }

  @Override
  public synchronized Optional<Read> read(UserId user, NotificationId id, Instant at) {
    Instant time = at.truncatedTo(ChronoUnit.MICROS);
    Optional<Instant> before = table.find(user, id).map(Notification::readAt);
    if (before.isPresent()) {
      return Optional.of(new Read(before.get(), Read.Outcome.AGAIN));
    }
    return table.markRead(user, id, time)
        ? Optional.of(new Read(time, Read.Outcome.FIRST))
        : Optional.empty();
  }

  @Override
  public synchronized int readAll(UserId user, NotificationId upTo, Instant at) {
    Instant time = at.truncatedTo(ChronoUnit.MICROS);
    return (int)
        table.of(user).stream()
            .filter(row -> !row.isRead() && row.id().compareTo(upTo) <= 0)
            .filter(row -> table.markRead(user, row.id(), time))
            .count();
  }

  @Override
  public synchronized boolean delete(UserId user, NotificationId id) {
    boolean deleted = table.remove(user, id);
    if (deleted) {
      outbox.remove(id);
    }
    return deleted;
  }

  @Override
  public synchronized int purgeIdempotencyKeys(Duration age) {
    return keys.purge(clock.instant().minus(age));
  }

  @Override
  public synchronized int erase(UserId user) {
    return table.removeAll(user) + outbox.removeAll(user) + keys.removeAll(user);
  }

  @Override
  public void export(UserId user, Consumer<Notification> sink) {
    List<Notification> all;
    synchronized (this) {
      all = table.of(user);
    }
    all.forEach(sink);
  }

  @Override
  public synchronized List<IdempotencyKey> idempotencyKeys(UserId user) {
    return keys.of(user);
  }

  /** Nothing to do: memory has no months. */
  @Override
  public void maintain() {}

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Whose key it is, the store does not know. */
  private static void checkKey(@Nullable String key) {
    try {
      if (key != null) {
        IdempotencyKey.checked(key);
      }
    } catch (InvalidValueException e) {
      throw e.asFailure();
    }
  }
}
