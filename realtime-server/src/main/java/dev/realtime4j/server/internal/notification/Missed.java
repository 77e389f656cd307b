package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.server.internal.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client missed, as it goes on the wire: the notifications, or the order to page through
 * the list.
 *
 * @param ids of the notifications, oldest first; empty at a resync
 * @param created their events, in the same order
 * @param cursor holds once the client has them
 * @param from see {@link SyncResult#from()}
 * @param outcome whether the client has to page
 */
record Missed(
    List<String> ids,
    List<byte[]> created,
    SyncCursor cursor,
    @Nullable NotificationId from,
    SyncResult.Outcome outcome) {

  /**
   * @param maxBytes more than this on the wire is a resync
   */
  static Missed of(SyncResult sync, int maxBytes) {
    List<byte[]> created = sync.missed().stream().map(NotificationEvents::created).toList();
    if (created.stream().mapToLong(event -> event.length).sum() > maxBytes) {
      return of(SyncResult.resync(sync.cursor(), sync.missed().get(0).id()), maxBytes);
    }
    List<String> ids =
        sync.missed().stream().map(Notification::id).map(NotificationId::toString).toList();
    return new Missed(ids, created, sync.cursor(), sync.from(), sync.outcome());
  }

  int size() {
    return created.size();
  }

  private boolean isResync() {
    return outcome == SyncResult.Outcome.RESYNC;
  }

  /** Whether the client has to hear of something. */
  boolean isAny() {
    return isResync() || size() > 0;
  }

  /** What follows {@code connected}. */
  List<byte[]> events(UnreadCount unread) {
    return isResync() ? List.of(NotificationEvents.resync(cursor, unread, from)) : created;
  }

  /**
   * Sends what the socket has not had, then the new cursor.
   *
   * @param isTold whether the socket hears of the cursor also when it missed nothing
   */
  void bringTo(Session session, UnreadCount unread, boolean isTold) {
    if (isResync()) {
      session.send(NotificationEvents.resync(cursor, unread, from));
      return;
    }
    RecentlyDelivered delivered = RecentlyDelivered.of(session);
    boolean isAnyNew = false;
    for (int i = 0; i < ids.size(); i++) {
      if (delivered.add(ids.get(i))) {
        session.send(created.get(i));
        isAnyNew = true;
      }
    }
    if (isAnyNew || isTold) {
      session.send(NotificationEvents.synced(cursor, unread));
    }
  }
}
