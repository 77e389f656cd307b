package dev.realtime4j.server.memory;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
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
 * nothing but memory bounds them, and no transaction of a database can include them; an {@link
 * InMemoryTransaction} can.
 *
 * <p>Thread safety: every method may be called by any thread; one lock guards everything.
 * Lifecycle: nothing to close.
 */
public final class InMemoryNotificationRepository implements NotificationRepository {
  private final InstantSource clock;
  private final InMemoryNotificationTable table = new InMemoryNotificationTable();
  private final InMemoryOutbox outbox = new InMemoryOutbox();
  private final InMemoryIdempotencyKeys keys = new InMemoryIdempotencyKeys();
  private final InMemoryInserts inserts;

  private InMemoryNotificationRepository(InstantSource clock) {
    this.clock = clock;
    this.inserts = new InMemoryInserts(clock, table, outbox, keys);
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

  /**
   * {@inheritDoc}
   *
   * @throws dev.realtime4j.api.notification.IdempotencyKeyHeldException at once, as every method
   *     that inserts, when another transaction that is open has used one of the keys
   */
  @Override
  public synchronized List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications) {
    return inserts.alone(own -> inserts.insert(own, ids, notifications));
  }

  @Override
  public synchronized List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return inserts.alone(own -> inserts.insertForAll(own, ids, receivers, content, idempotencyKey));
  }

  /**
   * {@inheritDoc}
   *
   * @param transaction an {@link InMemoryTransaction}; any other is refused
   */
  @Override
  public synchronized Stored insert(
      Transaction transaction, NotificationId id, NewNotification notification) {
    return inserts.insert(writes(transaction), List.of(id), List.of(notification)).get(0);
  }

  /**
   * {@inheritDoc}
   *
   * @param transaction an {@link InMemoryTransaction}; any other is refused
   */
  @Override
  public synchronized List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    return inserts.insertTogether(writes(transaction), ids, notifications);
  }

  /**
   * {@inheritDoc}
   *
   * @param transaction an {@link InMemoryTransaction}; any other is refused
   */
  @Override
  public synchronized List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return inserts.insertForAll(writes(transaction), ids, receivers, content, idempotencyKey);
  }

  private InMemoryWrites writes(Transaction transaction) {
    if (transaction instanceof InMemoryTransaction memory) {
      return memory.in(this);
    }
    throw RealtimeException.badRequest(
        "notifications in memory cannot be part of a transaction of a database ("
            + transaction.getClass().getName()
            + "): give InMemoryTransaction.begin() in a test, or the server a"
            + " JdbiNotificationRepository of realtime-jdbi");
  }

  synchronized InMemoryWrites begin() {
    return inserts.begin();
  }

  synchronized void commit(InMemoryWrites writes) {
    inserts.commit(writes);
  }

  synchronized void rollback(InMemoryWrites writes) {
    inserts.rollback(writes);
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
}
