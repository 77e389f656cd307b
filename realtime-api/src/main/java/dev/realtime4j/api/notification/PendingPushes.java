package dev.realtime4j.api.notification;

import java.util.List;

/**
 * Several notifications that were written into a transaction of the application. If the transaction
 * commits they are stored and pushed; if not, they never were.
 *
 * <p>Thread safety: any thread.
 */
public interface PendingPushes {
  /** The notifications as they will be once committed. */
  List<Notification> notifications();

  /** {@link PendingPush#flush()} for all of them. */
  void flush();
}
