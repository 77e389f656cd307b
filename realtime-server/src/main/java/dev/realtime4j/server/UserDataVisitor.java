package dev.realtime4j.server;

import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.Notification;
import java.time.Instant;

/**
 * Receives what is stored about a user, for {@link RealtimeServer#exportUser}. Of notifications
 * that wait to be pushed nothing is stored but that they do.
 *
 * <p>Thread safety: called by the thread that exports, one call at a time.
 */
public interface UserDataVisitor {
  /** One of their notifications, oldest first. */
  void notification(Notification notification);

  /** A key that was used to send to them and is still remembered, oldest first. */
  void idempotencyKey(IdempotencyKey key);

  /** One of their connections, newest first. */
  void connection(ConnectionLogEntry connection);

  /**
   * When they were last connected, which is stored by itself; not called for who never was. Does
   * nothing unless it is overridden: without retention the newest connections tell it, too.
   */
  default void lastSeen(Instant lastSeen) {}
}
