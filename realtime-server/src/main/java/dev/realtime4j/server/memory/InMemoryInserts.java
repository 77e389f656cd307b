package dev.realtime4j.server.memory;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.IdempotencyKeyHeldException;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes into transactions, of which each sees what is committed and what it wrote itself. Guarded
 * by its repository.
 */
final class InMemoryInserts {
  private final InstantSource clock;
  private final InMemoryNotificationTable table;
  private final InMemoryOutbox outbox;
  private final InMemoryIdempotencyKeys keys;
  private final Set<InMemoryWrites> open = new LinkedHashSet<>();

  InMemoryInserts(
      InstantSource clock,
      InMemoryNotificationTable table,
      InMemoryOutbox outbox,
      InMemoryIdempotencyKeys keys) {
    this.clock = clock;
    this.table = table;
    this.outbox = outbox;
    this.keys = keys;
  }

  InMemoryWrites begin() {
    InMemoryWrites begun = new InMemoryWrites();
    open.add(begun);
    return begun;
  }

  void commit(InMemoryWrites writes) {
    open.remove(writes);
    table.begin();
    writes.rows().forEach(table::add);
    writes.rows().forEach(outbox::add);
    keys.addAll(writes.keys());
  }

  void rollback(InMemoryWrites writes) {
    open.remove(writes);
  }

  /** In a transaction of its own: all of it or, when it throws, nothing. */
  <T> T alone(Function<InMemoryWrites, T> work) {
    InMemoryWrites writes = begin();
    try {
      T result = work.apply(writes);
      commit(writes);
      return result;
    } finally {
      rollback(writes);
    }
  }

  /** Repeats and conflicts of keys are told, and change nothing for the others. */
  List<Stored> insert(
      InMemoryWrites into, List<NotificationId> ids, List<NewNotification> notifications) {
    if (ids.size() != notifications.size()) {
      throw new IllegalArgumentException(
          ids.size() + " ids for " + notifications.size() + " notifications");
    }
    for (int i = 0; i < ids.size(); i++) {
      requireUnused(ids.get(i));
      requireNotHeld(into, ids.get(i), notifications.get(i));
    }
    List<Stored> stored = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      stored.add(store(into, ids.get(i), notifications.get(i)));
    }
    return List.copyOf(stored);
  }

  /** The same, but all of them or, at a conflict of keys, none; the transaction may go on. */
  List<Stored> insertTogether(
      InMemoryWrites into, List<NotificationId> ids, List<NewNotification> notifications) {
    List<Stored> stored = insert(into, ids, notifications);
    for (Stored one : stored) {
      if (one.outcome() == Outcome.CONFLICT) {
        into.takeBack(ids);
        throw new IdempotencyConflictException(one.notification().userId());
      }
    }
    return stored;
  }

  /** The new ones; none is written at a conflict of keys. */
  List<Notification> insertForAll(
      InMemoryWrites into,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    checkKey(idempotencyKey); // also for nobody
    List<NewNotification> all =
        receivers.stream().map(user -> new NewNotification(user, content, idempotencyKey)).toList();
    return insertTogether(into, ids, all).stream()
        .filter(stored -> stored.outcome() == Outcome.NEW)
        .map(Stored::notification)
        .toList();
  }

  private void requireUnused(NotificationId id) {
    boolean isUsed = table.isUsed(id);
    for (InMemoryWrites any : open) {
      isUsed |= any.has(id);
    }
    if (isUsed) {
      throw RealtimeException.badRequest("could not store notification " + id + ": used before");
    }
  }

  private void requireNotHeld(InMemoryWrites by, NotificationId id, NewNotification given) {
    for (InMemoryWrites other : open) {
      if (other != by && other.first(given).isPresent()) {
        throw new IdempotencyKeyHeldException(
            "could not store notification "
                + id
                + ": an open transaction holds its idempotency key; commit that one or roll it back",
            null);
      }
    }
  }

  private Stored store(InMemoryWrites into, NotificationId id, NewNotification given) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Optional<InMemoryIdempotencyKeys.First> before = keys.first(given).or(() -> into.first(given));
    if (before.isEmpty()) {
      Notification created = new Notification(id, given.userId(), given.content(), null, now);
      into.add(created, given);
      return new Stored(created, Outcome.NEW);
    }
    InMemoryIdempotencyKeys.First first = before.get();
    Notification gone =
        new Notification(first.id(), given.userId(), given.content(), null, first.at());
    return new Stored(
        into.find(first.id()).or(() -> table.find(given.userId(), first.id())).orElse(gone),
        first.isOf(given.content()) ? Outcome.REPEATED : Outcome.CONFLICT);
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
