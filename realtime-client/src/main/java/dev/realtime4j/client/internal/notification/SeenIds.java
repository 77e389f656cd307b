package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.notification.NotificationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that the application has: the last of them by id, and two floors that say what
 * is known of all the others.
 *
 * <p>Bounded: the id that came first gives way and is forgotten.
 */
public final class SeenIds {
  /** Smaller than every id that a store makes; the nil UUID is none. */
  static final NotificationId BELOW_ALL = new NotificationId(new UUID(0, 1));

  private final int most;
  private final Set<NotificationId> ids = new HashSet<>();
  private final Deque<NotificationId> order = new ArrayDeque<>();
  private @Nullable NotificationId forgotten;
  private @Nullable NotificationId beginning;
  private @Nullable NotificationId smallest;

  public SeenIds(int most) {
    this.most = most;
  }

  /** Adds one; false when it was there. */
  public boolean add(NotificationId id) {
    if (!ids.add(id)) {
      return false;
    }
    order.addLast(id);
    if (smallest == null || id.compareTo(smallest) < 0) {
      smallest = id;
    }
    if (order.size() > most) {
      NotificationId oldest = order.removeFirst();
      ids.remove(oldest);
      forget(oldest);
    }
    return true;
  }

  boolean contains(NotificationId id) {
    return ids.contains(id);
  }

  /** An id gave way: at or below it nobody can tell any more what the application has. */
  public void forget(NotificationId id) {
    forgotten = higher(forgotten, id);
  }

  /**
   * The newest that there was before the very first connection; {@link #BELOW_ALL} when there was
   * none.
   */
  public void begin(NotificationId newestBefore) {
    beginning = higher(beginning, newestBefore);
  }

  /** The greatest id that gave way; null when none did. */
  public @Nullable NotificationId forgotten() {
    return forgotten;
  }

  /** The newest that there was before the very first connection; null when it was not found out. */
  public @Nullable NotificationId beginning() {
    return beginning;
  }

  /**
   * Above what a list can hold anything new, as far as is known here: the higher of the floors;
   * without them the smallest id that the application has; without any nothing, which is null.
   */
  public @Nullable NotificationId bound() {
    if (forgotten == null && beginning == null) {
      return smallest;
    }
    return forgotten == null ? beginning : higher(beginning, forgotten);
  }

  /** In the order they came. */
  public List<NotificationId> ids() {
    return List.copyOf(order);
  }

  private static NotificationId higher(@Nullable NotificationId one, NotificationId other) {
    return one == null || other.compareTo(one) > 0 ? other : one;
  }
}
