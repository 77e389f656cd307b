package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.internal.loop.Callbacks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application was really told, and keeps it. A burst of notifications is saved once.
 *
 * <p>Used by the callback thread only: what it holds is what callbacks have returned from.
 */
public final class DeliveryLog {
  /** More than the server sends again after a gap. */
  public static final int RECENT = 256;

  private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);

  private final CursorStore store;
  private final Callbacks callbacks;
  private final SeenIds recent = new SeenIds(RECENT);
  private @Nullable SyncCursor cursor;
  private boolean savePending;
  private boolean failing;

  public DeliveryLog(CursorStore store, Callbacks callbacks) {
    this.store = store;
    this.callbacks = callbacks;
  }

  /** Begins where an earlier process ended. */
  void begin(ResumePoint point) {
    cursor = point.cursor();
    point.restore(recent);
  }

  void delivered(NotificationId id) {
    recent.add(id);
    save();
  }

  void moved(SyncCursor to) {
    cursor = to;
    save();
  }

  void began(NotificationId newestBefore) {
    recent.begin(newestBefore);
    save();
  }

  private void save() {
    if (!savePending) {
      savePending = true;
      callbacks.submit(this::saveNow);
    }
  }

  /** Nothing more will be told: what has not been saved yet is saved. */
  public void close() {
    if (savePending) {
      saveNow();
    }
  }

  private void saveNow() {
    savePending = false;
    try {
      store.save(ResumePoint.of(cursor, recent).encoded());
      if (failing) {
        failing = false;
        log.info("The cursor is saved again");
      }
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn(
            "The cursor cannot be saved: a restarted program may hear things twice. It is tried"
                + " again with each notification, and told when it works",
            e);
      }
    }
  }
}
