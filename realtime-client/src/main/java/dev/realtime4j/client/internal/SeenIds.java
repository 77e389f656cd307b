package dev.realtime4j.client.internal;

import dev.realtime4j.api.notification.NotificationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that the application has: the newest of them by id, and of all the others that
 * they are not above a floor. What is at or below the floor is never new on a list.
 *
 * <p>Bounded: the id that came first gives way, and raises the floor.
 */
final class SeenIds {
  private final int most;
  private final Set<NotificationId> ids = new HashSet<>();
  private final Deque<NotificationId> order = new ArrayDeque<>();
  private @Nullable NotificationId floor;
  private @Nullable NotificationId smallest;

  SeenIds(int most) {
    this.most = most;
  }

  /** Adds one; false when it was there. */
  boolean add(NotificationId id) {
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
      raiseFloor(oldest);
    }
    return true;
  }

  boolean contains(NotificationId id) {
    return ids.contains(id);
  }

  /** The application needs nothing at or below this id, other than what it is sent as new. */
  void raiseFloor(NotificationId id) {
    if (floor == null || id.compareTo(floor) > 0) {
      floor = id;
    }
  }

  @Nullable NotificationId floor() {
    return floor;
  }

  /**
   * From where on a list can hold anything new: above the floor; without one, above the smallest id
   * that the application has; without any, nowhere, which is null.
   */
  @Nullable NotificationId bound() {
    return floor != null ? floor : smallest;
  }

  /** In the order they came. */
  List<NotificationId> ids() {
    return List.copyOf(order);
  }
}
