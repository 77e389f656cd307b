package dev.realtime4j.client;

/**
 * What happens to a call that is made while there is no connection.
 *
 * <p>Thread safety: an enum.
 */
public enum OfflinePolicy {
  /**
   * It waits for the connection: at most 256 calls, 1 MiB of them, 30 seconds each. Beyond that a
   * call fails with {@code UNAVAILABLE}.
   */
  QUEUE,
  /** It fails at once with {@code UNAVAILABLE}. */
  FAIL
}
