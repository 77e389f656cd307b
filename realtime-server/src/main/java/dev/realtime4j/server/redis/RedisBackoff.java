package dev.realtime4j.server.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: up to a second, half of it by chance. Not shared. */
final class RedisBackoff {
  private static final long FIRST_MS = 50;
  private static final long LONGEST_MS = 1_000;

  private long next = FIRST_MS;

  Duration next() {
    long wait = next / 2 + ThreadLocalRandom.current().nextLong(next / 2 + 1);
    next = Math.min(2 * next, LONGEST_MS);
    return Duration.ofMillis(wait);
  }

  void reset() {
    next = FIRST_MS;
  }
}
