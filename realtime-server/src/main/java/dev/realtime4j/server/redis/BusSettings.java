package dev.realtime4j.server.redis;

import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;

/**
 * What a bus allows itself, and lives in.
 *
 * @param probe how often a node publishes to itself; three times that without a sound ends a
 *     connection
 * @param maxMessages how many messages may wait to be published
 * @param maxBytes how many bytes may wait to be published
 * @param maxDelay what has waited longer for a lost connection is not published any more
 * @param environment time, threads and chance
 */
record BusSettings(
    Duration probe,
    int maxMessages,
    long maxBytes,
    Duration maxDelay,
    ServerEnvironment environment) {
  static final BusSettings DEFAULT =
      new BusSettings(
          Duration.ofSeconds(2),
          65_536,
          64L * 1024 * 1024,
          Duration.ofSeconds(5),
          ServerEnvironment.system());
}
