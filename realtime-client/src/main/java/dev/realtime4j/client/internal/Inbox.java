package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.protocol.NotificationJson;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifications on their way to the application: each exactly once, in the order sent; and the
 * cursor, which moves only when everything before it has arrived.
 *
 * <p>Used by the loop only.
 */
final class Inbox {
  static final int SEEN = 16_384;
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

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final Loop loop;
  private final Calls calls;
  private final Delivery delivery;
  private final SeenIds seen = new SeenIds(SEEN);
  private final Deque<Notification> held = new ArrayDeque<>();
  private @Nullable UserId user;
  private @Nullable SyncCursor cursor;
  private @Nullable SyncCursor pending;
  private long missing;
  private @Nullable Resync resync;

  Inbox(Loop loop, Calls calls, Delivery delivery) {
    this.loop = loop;
    this.calls = calls;
    this.delivery = delivery;
  }

  /** Begins where an earlier process ended. */
  void begin(ResumePoint point) {
    cursor = point.cursor();
    point.restore(seen);
  }

  /** What to resume from; empty before the first connection. */
  Optional<SyncCursor> since() {
    return Optional.ofNullable(cursor);
  }

  /** The user whose notifications these are, once connected. */
  Optional<UserId> user() {
    return Optional.ofNullable(user);
  }

  void welcomed(Welcome welcome) {
    user = welcome.userId();
    Long missed = welcome.missed();
    if (missed == null) {
      move(welcome.cursor());
    } else {
      // With none missed a resync may be on its way: the cursor waits until there was none.
      pending = welcome.cursor();
      missing = missed;
    }
  }

  void arrived(Json data) {
    Notification notification = read(data).orElse(null);
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

  void synced(@Nullable SyncCursor to) {
    if (resync == null && (pending == null || missing == 0)) {
      move(to);
    }
  }

  /**
   * The list is to be read.
   *
   * @param from the oldest that may be missing; null when the server does not say
   */
  void resync(@Nullable SyncCursor to, @Nullable NotificationId from) {
    Resync before = resync;
    if (before != null) {
      before.drop();
    }
    Reach reach = Reach.of(from).and(before == null ? null : before.reach);
    pending = null;
    resync = new Resync(loop, calls, seen, this::page, to, reach, this::resynced);
    resync.begin();
  }

  /** The connection has held for a while: a resync would have been announced by now. */
  void stable() {
    if (pending != null && missing == 0) {
      move(pending);
    }
    if (seen.bound() == null) {
      findFloor();
    }
  }

  void offline() {
    pending = null;
    missing = 0;
    held.clear();
    if (resync != null) {
      resync.drop();
      resync = null;
    }
  }

  /** Reads a page of the list. */
  Page<Notification> page(Json result) {
    Map<String, Json> fields = result.fields();
    Json next = fields.getOrDefault("next_cursor", Json.NULL);
    return new Page<>(
        fields.getOrDefault("notifications", Json.NULL).elements().stream()
            .flatMap(item -> read(item).stream())
            .toList(),
        next.isNull() ? null : next.asString());
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
        new Call<>(Call.Owner.CONNECTION, "notification.list", Json.object("limit", 1), this::page);
    call.future.thenAccept(
        page -> {
          if (!page.items().isEmpty() && seen.bound() == null) {
            NotificationId newest = page.items().get(0).id();
            seen.begin(newest);
            delivery.began(newest);
          }
        });
    calls.callFirst(call);
  }

  /** One that cannot be read shall not hold up those that come after it. */
  private Optional<Notification> read(Json json) {
    if (user == null) {
      throw new IllegalStateException("a notification came before the welcome");
    }
    try {
      return Optional.of(NotificationJson.read(user, json));
    } catch (RealtimeException | DateTimeException e) {
      LOG.warn("A notification could not be read and is left out: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
