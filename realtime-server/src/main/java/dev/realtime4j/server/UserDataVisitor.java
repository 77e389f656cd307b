package dev.realtime4j.server;

import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.Notification;
import java.time.Instant;

/**
 * Receives what is stored about a user, for {@link RealtimeServer#exportUser}. For notifications
 * that wait to be pushed, only that fact is stored.
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
   * When they were last connected, which is stored separately; not called for a user who never was.
   * Does nothing unless overridden: without retention the newest connections say the same.
   */
  default void lastSeen(Instant lastSeen) {}
}
