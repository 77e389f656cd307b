package dev.realtime4j.server.redis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: up to a second, half of it by chance. Not shared. */
final class RedisBackoff {
  private static final long FIRST_MS = 50;
  private static final long LONGEST_MS = 1_000;

  private final RandomGenerator random;
  private long next = FIRST_MS;

  RedisBackoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long wait = next / 2 + random.nextLong(next / 2 + 1);
    next = Math.min(2 * next, LONGEST_MS);
    return Duration.ofMillis(wait);
  }

  void reset() {
    next = FIRST_MS;
  }
}
