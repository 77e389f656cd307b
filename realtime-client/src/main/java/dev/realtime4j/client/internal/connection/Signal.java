package dev.realtime4j.client.internal.connection;

import java.time.Duration;
import java.util.function.IntFunction;

/**
 * What happens to a connection. Signals that come from an attempt carry its generation, so that the
 * late ones of an old attempt change nothing.
 */
public sealed interface Signal {
  /** The application wants a connection. */
  record Connect() implements Signal {}

  /** The application is done for good. */
  record Close() implements Signal {}

  /** The application wants to be away for a while. */
  record Pause() implements Signal {}

  /** The application is back. */
  record Resume() implements Signal {}

  /** The network under the connection is another one. */
  record NetworkChanged() implements Signal {}

  /** The backoff has passed. */
  record RetryDue(long generation) implements Signal {}

  /** The server has said {@code connected}. */
  record Welcomed(long generation) implements Signal {}

  /** Rooms, presence and watches are as the application wants them. */
  record Restored(long generation) implements Signal {}

  /** The connection has held for a while. */
  record Stable(long generation) implements Signal {}

  /**
   * The attempt or the connection ended.
   *
   * @param delay how long to wait after so many failures, this one not counted
   */
  record Lost(long generation, DisconnectReason loss, IntFunction<Duration> delay)
      implements Signal {}
}
