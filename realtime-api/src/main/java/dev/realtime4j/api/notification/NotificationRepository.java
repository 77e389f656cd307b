package dev.realtime4j.api.notification;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The store of notifications; a service provider interface.
 *
 * <p>Laws: what {@code insert} returned is stored for good; a notification and its outbox entry are
 * stored together or not at all; an operation on another user's notification finds nothing; a
 * {@link #sync} answers every row that became visible since the cursor was made, also those whose
 * transaction was open at that moment.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is away.
 */
public interface NotificationRepository {
  /**
   * How much content one answer holds, in bytes ({@link NotificationContent#bytes()}): a page ends
   * before it is larger, and a catch-up that would be larger is a {@code RESYNC}. A socket's budget
   * must hold it.
   */
  int MAX_ANSWER_BYTES = 256 * 1024;

  /**
   * Stores a notification and its outbox entry.
   *
   * @param id the id to use, greater than all that the same node used before
   */
  Stored insert(NotificationId id, NewNotification notification);

  /**
   * Stores several notifications and their outbox entries in one transaction.
   *
   * @param ids one for each, in the same order
   * @return one for each, in the same order
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when the store cannot hold one
   *     of them; none is stored then, and each can be tried alone
   */
  List<Stored> insertAll(List<NotificationId> ids, List<NewNotification> notifications);

  /**
   * The same, but without waiting long for a transaction that is open and has used an idempotency
   * key of theirs; override it where an insert can wait for another one.
   *
   * @param wait for one key at most so long, more or less; 1 ms to 1 s
   * @throws IdempotencyKeyHeldException when that was not long enough; none is stored then, and
   *     each can be tried alone
   */
  default List<Stored> insertAll(
      List<NotificationId> ids, List<NewNotification> notifications, Duration wait) {
    return insertAll(ids, notifications);
  }

  /**
   * Stores the same content for many receivers in one transaction.
   *
   * @param ids one for each receiver, in the same order
   * @param receivers each at most once
   * @param idempotencyKey receivers that have it already are skipped; null for none. Refused as
   *     {@link IdempotencyKey#checked} says
   * @return the new notifications
   * @throws IdempotencyConflictException when one of them has it with another content; none is
   *     stored then
   */
  List<Notification> insertForAll(
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey);

  /**
   * Stores a notification and its outbox entry inside a transaction of the host.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when the store has no database
   *     that could share the transaction, or the transaction cannot be written into or could not
   *     commit any more: closed, in auto-commit mode, read-only, failed or over. Nothing was
   *     written then
   */
  Stored insert(Transaction transaction, NotificationId id, NewNotification notification);

  /**
   * Stores several notifications and their outbox entries inside a transaction of the host;
   * override it where one statement can do it.
   *
   * @param ids one for each, in the same order
   * @return one for each, in the same order, none of them a {@code CONFLICT}
   * @throws IdempotencyConflictException when one of the keys was used before with another content;
   *     none of them is written then. This default leaves what was written before it to the host
   * @throws dev.realtime4j.api.RealtimeException as for one
   */
  default List<Stored> insertAll(
      Transaction transaction, List<NotificationId> ids, List<NewNotification> notifications) {
    List<Stored> all = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Stored stored = insert(transaction, ids.get(i), notifications.get(i));
      if (stored.outcome() == Stored.Outcome.CONFLICT) {
        throw new IdempotencyConflictException(notifications.get(i).userId());
      }
      all.add(stored);
    }
    return all;
  }

  /**
   * Stores the same content for many receivers inside a transaction of the host; override it where
   * one statement can do it.
   *
   * @param ids one for each receiver, in the same order
   * @param receivers each at most once
   * @param idempotencyKey receivers that have it already are skipped; null for none
   * @return the new notifications
   * @throws IdempotencyConflictException as {@link #insertAll(Transaction, List, List)}
   * @throws dev.realtime4j.api.RealtimeException as for one
   */
  default List<Notification> insertForAll(
      Transaction transaction,
      List<NotificationId> ids,
      List<UserId> receivers,
      NotificationContent content,
      @Nullable String idempotencyKey) {
    return insertAll(
            transaction,
            ids,
            receivers.stream()
                .map(user -> new NewNotification(user, content, idempotencyKey))
                .collect(Collectors.toList()))
        .stream()
        .filter(stored -> stored.outcome() == Stored.Outcome.NEW)
        .map(Stored::notification)
        .collect(Collectors.toList());
  }

  /** The notifications with these ids that are committed and still in the outbox. */
  List<Notification> pending(Collection<NotificationId> ids);

  /**
   * Claims outbox entries for pushing: committed, and not claimed within the lease. Each entry is
   * answered to one caller in the cluster at a time.
   *
   * @param lease how old an entry or its last claim must be
   * @param limit how many at most, oldest first
   */
  List<Notification> claimOutbox(Duration lease, int limit);

  /** How much waits in the outbox, and for how long. */
  OutboxBacklog outboxBacklog();

  /** Removes outbox entries whose push was handed to the cluster; unknown ids are ignored. */
  void removeFromOutbox(Collection<NotificationId> ids);

  /**
   * What each user missed since his cursor. A store that can lose committed rows and give what was
   * theirs to others, as a database does whose standby takes over, knows by the cursor whether that
   * has happened since it was made. Then it answers by the cursor's time, with what the client has
   * already among it, or with a {@code RESYNC}; never with a {@code COMPLETE} that lacks a row.
   *
   * @param cursors where each user's client is; null for a first cursor and nothing missed
   * @param limit more missed than this is a {@code RESYNC}, and so is more than {@link
   *     #MAX_ANSWER_BYTES}
   * @return one for each user
   */
  Map<UserId, Sync> sync(Map<UserId, Optional<SyncCursor>> cursors, int limit);

  /**
   * A user's notifications, newest first. A page may hold fewer than asked for, to stay below
   * {@link #MAX_ANSWER_BYTES}; it is the last one only if it has no next cursor.
   */
  Page<Notification> list(UserId user, NotificationFilter filter, PageRequest page);

  /** How many of a user's notifications are unread. */
  UnreadCount unreadCount(UserId user);

  /**
   * How many notifications of each user are unread; override it where one query can answer for all.
   *
   * @return one for each user
   */
  default Map<UserId, UnreadCount> unreadCounts(Collection<UserId> users) {
    return users.stream()
        .distinct()
        .collect(Collectors.toMap(Function.identity(), this::unreadCount));
  }

  /**
   * Marks a notification as read; the first read wins.
   *
   * @return when it was first read and by which call; empty when the user has no such notification
   */
  Optional<Read> read(UserId user, NotificationId id, Instant at);

  /**
   * Marks everything up to a notification as read, in bounded transactions.
   *
   * @param upTo the newest one to mark; need not exist
   * @return how many became read
   */
  int readAll(UserId user, NotificationId upTo, Instant at);

  /** Deletes a notification; false when the user has no such notification. */
  boolean delete(UserId user, NotificationId id);

  /** Forgets idempotency keys older than this, and answers how many. */
  int purgeIdempotencyKeys(Duration age);

  /** Removes everything of a user, in every table of this store, and answers how many rows. */
  int erase(UserId user);

  /**
   * Hands over every notification of a user, oldest first, without holding them all in memory.
   *
   * @param sink called on the calling thread
   */
  void export(UserId user, Consumer<Notification> sink);

  /** The idempotency keys of a user that are still remembered, oldest first. */
  List<IdempotencyKey> idempotencyKeys(UserId user);

  /**
   * Looks whether this store can be used as it is: that its tables are there and of the version
   * that this code needs, and that it has its rights on them. Changes nothing and is cheap: a node
   * calls it at its start, and then every 5 to 30 seconds. A node whose store never was fit is not
   * ready.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the store does not
   *     answer, so that nobody can tell; another code when somebody has to mend it, with a message
   *     that says what is wrong and what to do. It is shown in the health of the node: it holds
   *     nothing secret, and is the same each time
   */
  default void check() {}

  /**
   * What the clock says by which this store bounds its catch-up; empty for a store that finds what
   * was missed whatever time an id begins with, or that has no clock of its own. A node makes its
   * ids by this clock.
   */
  default Optional<Instant> time() {
    return Optional.empty();
  }

  /**
   * The same without another connection, in a transaction of the host; override both or none.
   *
   * @throws dev.realtime4j.api.RealtimeException as {@link #insert(Transaction, NotificationId,
   *     NewNotification)}
   */
  default Optional<Instant> time(Transaction transaction) {
    return Optional.empty();
  }

  /**
   * What calls so far have shown to be wrong with the content of this store, such as rows that were
   * brought from elsewhere, in one sentence with its remedy; empty when nothing is. It holds
   * nothing secret and is the same each time: a node shows it in its health. Answered from memory,
   * every few seconds.
   */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /**
   * Makes room for the months ahead, and drops what retention has ended: all of {@link
   * #maintenance}, also when a part fails. Any node, any time. What others use at this moment is
   * left for the next time.
   */
  void maintain();

  /**
   * The same in steps, which a node runs one by one. Override it where one thing may fail and
   * another go on.
   */
  default List<MaintenanceStep> maintenance() {
    return List.of(
        new MaintenanceStep(
            "all",
            () -> {
              maintain();
              return MaintenanceStep.Outcome.DONE;
            }));
  }

  /**
   * For how many months ahead there is room, as {@link #maintain} makes it; empty for a store to
   * which that means nothing. At zero somebody should look.
   */
  default OptionalInt monthsAhead() {
    return OptionalInt.empty();
  }

  /**
   * What an insert did.
   *
   * @param notification the new one, or the first one of the same idempotency key; if that was
   *     deleted since, the given content under the first one's id and time
   * @param outcome which of the two
   */
  record Stored(Notification notification, Outcome outcome) {
    /** Whether an insert wrote. */
    public enum Outcome {
      /** Stored now. */
      NEW,
      /** The idempotency key was used before with the same content; nothing was written. */
      REPEATED,
      /** The idempotency key was used before with another content; nothing was written. */
      CONFLICT
    }
  }

  /**
   * What a read did.
   *
   * @param readAt when it was first read
   * @param outcome whether that was now
   */
  record Read(Instant readAt, Outcome outcome) {
    /** Whether a read changed something. */
    public enum Outcome {
      /** It was unread. */
      FIRST,
      /** It had been read before. */
      AGAIN
    }
  }
}
