package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pushes to one user in the order of their ids, though their commits finish in any order:
 * an id is taken together with a ticket in the user's line, and a push waits until those in front
 * of it are done or have failed.
 *
 * <p>Thread safety: any thread. A push runs under the lock of its user's line, so it must not
 * block.
 */
final class PushSequencer {
  private final Supplier<NotificationId> ids;
  private final ConcurrentHashMap<UserId, Line> lines = new ConcurrentHashMap<>();

  /**
   * @param ids makes ids, each greater than the one before
   */
  PushSequencer(Supplier<NotificationId> ids) {
    this.ids = ids;
  }

  private static final class Line {
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
  }

  /** A ticket in a user's line; ended exactly once by either method. */
  final class Ticket {
    private final UserId user;
    private final NotificationId id;
    private boolean ended;
    private @Nullable Runnable push;

    private Ticket(UserId user, NotificationId id) {
      this.user = user;
      this.id = id;
    }

    NotificationId id() {
      return id;
    }

    /** Stored: push when it is its turn. */
    void stored(Runnable action) {
      end(action);
    }

    /** Not stored: nothing to push. */
    void failed() {
      end(null);
    }

    private void end(@Nullable Runnable action) {
      lines.computeIfPresent(
          user,
          (key, line) -> {
            push = action;
            ended = true;
            return advance(line) ? null : line;
          });
    }
  }

  /** Takes an id and the ticket that goes with it. */
  Ticket take(UserId user) {
    Ticket[] taken = new Ticket[1];
    lines.compute(
        user,
        (key, old) -> {
          Line line = old == null ? new Line() : old;
          taken[0] = new Ticket(user, ids.get());
          line.tickets.addLast(taken[0]);
          return line;
        });
    return taken[0];
  }

  /** Pushes what is due; true when nothing is left. */
  private static boolean advance(Line line) {
    for (Ticket first = line.tickets.peekFirst();
        first != null && first.ended;
        first = line.tickets.peekFirst()) {
      line.tickets.removeFirst();
      if (first.push != null) {
        first.push.run();
      }
    }
    return line.tickets.isEmpty();
  }
}
