package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends the same to many: stored in bounded transactions in the order of the users, so that two
 * senders do not lock each other out, and pushed by the calling thread at the pace of bulk pushes.
 *
 * <p>Thread safety: any thread.
 */
final class BulkSender {
  private static final int RECEIVERS_PER_TRANSACTION = 1000;
  private static final int MAX_RECEIVERS = 100_000;

  private final NotificationStore store;
  private final StoreClock clock;
  private final PushSequencer order;
  private final Pusher pusher;
  private final BulkRateLimiter pace;

  BulkSender(
      NotificationStore store,
      StoreClock clock,
      PushSequencer order,
      Pusher pusher,
      BulkRateLimiter pace) {
    this.store = store;
    this.clock = clock;
    this.order = order;
    this.pusher = pusher;
    this.pace = pace;
  }

  /** See {@link dev.realtime4j.api.notification.Notifications#sendAll}. */
  int send(Collection<UserId> receivers, NotificationContent content, String idempotencyKey) {
    List<UserId> sorted = List.copyOf(new TreeSet<>(receivers));
    if (sorted.size() > MAX_RECEIVERS) {
      throw new InvalidValueException(
          "sendAll takes at most " + MAX_RECEIVERS + " receivers, not " + sorted.size());
    }
    IdempotencyKey.checked(idempotencyKey);
    int sent = 0;
    for (int from = 0; from < sorted.size(); from += RECEIVERS_PER_TRANSACTION) {
      int to = Math.min(from + RECEIVERS_PER_TRANSACTION, sorted.size());
      sent += sendSome(sorted.subList(from, to), content, idempotencyKey);
    }
    return sent;
  }

  private int sendSome(List<UserId> users, NotificationContent content, String key) {
    clock.prepare();
    List<PushSequencer.Ticket> tickets = users.stream().map(order::take).toList();
    Map<NotificationId, Notification> stored;
    try {
      stored =
          store
              .insertForAll(
                  tickets.stream().map(PushSequencer.Ticket::id).toList(), users, content, key)
              .stream()
              .collect(Collectors.toMap(Notification::id, Function.identity()));
    } catch (Throwable e) {
      tickets.forEach(PushSequencer.Ticket::failed);
      throw e;
    }
    // Who has it already must not wait for their turn.
    tickets.stream()
        .filter(ticket -> !stored.containsKey(ticket.id()))
        .forEach(PushSequencer.Ticket::failed);
    for (PushSequencer.Ticket ticket : tickets) {
      Notification notification = stored.get(ticket.id());
      if (notification != null) {
        pace.await();
        ticket.stored(() -> pusher.push(notification));
      }
    }
    return stored.size();
  }
}
