package dev.realtime4j.api.notification;

/**
 * A notification that was written into a transaction of the application. If the transaction commits
 * it is stored and pushed; if not, it never was.
 *
 * <p>Thread safety: any thread.
 */
public interface PendingPush {
  /** The notification as it will be once committed. */
  Notification notification();

  /**
   * Call it after the commit: pushes at once. Not needed where the transaction reports its commit;
   * without it the push follows after the relay's lease. Calling it before the commit, or after a
   * rollback, pushes nothing. Idempotent; never blocks.
   */
  void flush();
}
