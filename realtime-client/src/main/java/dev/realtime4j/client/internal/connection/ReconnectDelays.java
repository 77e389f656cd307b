package dev.realtime4j.client.internal.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long to wait before the next attempt, when the server does not say. */
@FunctionalInterface
public interface ReconnectDelays {
  /** So that nobody waits for ever by mistake. */
  Duration LONGEST = Duration.ofDays(1);

  /** What is used when the application chooses nothing. */
  ReconnectDelays USUAL = ReconnectBackoff::delay;

  /**
   * @param failures how many attempts failed since the last stable connection, this one not counted
   * @param jitter a random number, 0 (inclusive) to 1 (exclusive)
   */
  Duration before(int failures, double jitter);

  /** Full jitter under a bound that doubles from twice the least to the most. */
  static ReconnectDelays between(Duration least, Duration most) {
    return (failures, jitter) -> ReconnectBackoff.delay(least, most, failures, jitter);
  }

  /** As the application chooses; {@link #USUAL} where it fails to. */
  static ReconnectDelays chosen(IntFunction<@Nullable Duration> policy) {
    Logger log = LoggerFactory.getLogger(ReconnectDelays.class);
    AtomicBoolean told = new AtomicBoolean();
    return (failures, jitter) -> {
      Object flaw;
      try {
        Duration delay = policy.apply(failures + 1);
        if (delay != null && !delay.isNegative()) {
          return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        }
        flaw = delay == null ? "null" : delay;
      } catch (RuntimeException e) {
        flaw = e;
      }
      if (told.compareAndSet(false, true)) {
        log.warn("reconnectDelay gave {}; the usual delay is used in its place", flaw);
      }
      return USUAL.before(failures, jitter);
    };
  }
}
