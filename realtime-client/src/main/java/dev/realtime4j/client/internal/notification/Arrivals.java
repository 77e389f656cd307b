package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.connection.Welcome;
import dev.realtime4j.client.internal.loop.Loop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notifications on their way to the application: each exactly once, in the order sent; and the
 * cursor, which moves only when everything before it has arrived.
 *
 * <p>Used by the loop only.
 */
public final class Arrivals {
  public static final int SEEN = 16_384;
  static final int HELD = 10_000;

  /** Where notifications and cursors go, in order. */
  interface Delivery {
    /** Tells the application, then acknowledges. */
    void deliver(Notification notification);

    /** The application was told before: acknowledges once more, the first one may be lost. */
    void acknowledge(NotificationId id);

    /** Everything before the cursor was delivered before this call. */
    void moved(SyncCursor cursor);

    /** It is the newest that there was before the very first connection. */
    void began(NotificationId newestBefore);

    /** Whether the application is behind by more than it may be. */
    boolean isFull();

    /** The application is too far behind: the connection goes, and what it brings comes again. */
    void overflow();
  }

  private final Loop loop;
  private final Calls calls;
  private final NotificationReader reader;
  private final Delivery delivery;
  private final SeenIds seen = new SeenIds(SEEN);
  private final Deque<Notification> held = new ArrayDeque<>();
  private @Nullable SyncCursor cursor;
  private @Nullable SyncCursor pending;
  private long missing;
  private @Nullable Resync resync;

  public Arrivals(Loop loop, Calls calls, NotificationReader reader, Delivery delivery) {
    this.loop = loop;
    this.calls = calls;
    this.reader = reader;
    this.delivery = delivery;
  }

  /** Begins where an earlier process ended. */
  public void begin(ResumePoint point) {
    cursor = point.cursor();
    point.restore(seen);
  }

  /** What to resume from; empty before the first connection. */
  public Optional<SyncCursor> since() {
    return Optional.ofNullable(cursor);
  }

  public void welcomed(Welcome welcome) {
    reader.welcomed(welcome.userId());
    Long missed = welcome.missed();
    if (missed == null) {
      move(welcome.cursor());
    } else {
      // With none missed a resync may be on its way: the cursor waits until there was none.
      pending = welcome.cursor();
      missing = missed;
    }
  }

  /** Whether some of what was missed is still on its way. */
  public boolean isBehind() {
    return missing > 0;
  }

  public void arrived(Json data) {
    Notification notification = reader.read(data).orElse(null);
    if (notification != null && resync != null) {
      hold(notification);
      return;
    }
    if (notification != null && !offer(notification)) {
      return;
    }
    if (pending != null && (missing == 0 || --missing == 0)) {
      move(pending);
    }
  }

  /** What arrives while the list is read comes after what is found there. */
  private void hold(Notification notification) {
    if (held.size() < HELD) {
      held.add(notification);
    } else {
      delivery.overflow();
    }
  }

  public void synced(@Nullable SyncCursor to) {
    if (resync == null && (pending == null || missing == 0)) {
      move(to);
    }
  }

  /**
   * The list is to be read.
   *
   * @param from the oldest that may be missing; null when the server does not say
   */
  public void resync(@Nullable SyncCursor to, @Nullable NotificationId from) {
    Resync before = resync;
    if (before != null) {
      before.drop();
    }
    ResyncRange reach = ResyncRange.of(from).and(before == null ? null : before.reach);
    pending = null;
    resync = new Resync(loop, calls, seen, reader::page, to, reach, this::resynced);
    resync.begin();
  }

  /** The connection has held for a while: a resync would have been announced by now. */
  public void stable() {
    if (pending != null && missing == 0) {
      move(pending);
    }
    if (seen.bound() == null) {
      findFloor();
    }
  }

  public void offline() {
    pending = null;
    missing = 0;
    held.clear();
    if (resync != null) {
      resync.drop();
      resync = null;
    }
  }

  private void resynced(Resync finished) {
    resync = null;
    for (Notification notification : finished.unseen()) {
      if (!offer(notification)) {
        return;
      }
    }
    while (!held.isEmpty()) {
      if (!offer(held.removeFirst())) {
        return;
      }
    }
    move(finished.cursor);
  }

  /** Delivers what is new; false when the application cannot take it now. */
  private boolean offer(Notification notification) {
    if (seen.contains(notification.id())) {
      delivery.acknowledge(notification.id());
      return true;
    }
    if (delivery.isFull()) {
      delivery.overflow();
      return false;
    }
    seen.add(notification.id());
    delivery.deliver(notification);
    return true;
  }

  private void move(@Nullable SyncCursor to) {
    pending = null;
    missing = 0;
    if (to != null && !to.equals(cursor)) {
      cursor = to;
      delivery.moved(to);
    }
  }

  /** A first connection replays nothing, and neither shall a resync that comes later. */
  private void findFloor() {
    Call<Page<Notification>> call =
        new Call<>(
            Call.Owner.CONNECTION, "notification.list", Json.object("limit", 1), reader::page);
    call.future.thenAccept(
        page -> {
          if (seen.bound() == null) {
            NotificationId newest =
                page.items().isEmpty() ? SeenIds.BELOW_ALL : page.items().get(0).id();
            seen.begin(newest);
            delivery.began(newest);
          }
        });
    calls.callFirst(call);
  }
}
