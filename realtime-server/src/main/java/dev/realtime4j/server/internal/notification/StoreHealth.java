package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store answered last time; a change is logged once.
 *
 * <p>Thread safety: any thread.
 */
final class StoreHealth {
  private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

  private volatile boolean away;

  boolean isAway() {
    return away;
  }

  void answered() {
    if (away) {
      change(false, null);
    }
  }

  void failed(RealtimeException e) {
    if (!away) {
      change(true, e.getMessage());
    }
  }

  private synchronized void change(boolean toAway, @Nullable String cause) {
    if (away == toAway) {
      return;
    }
    away = toAway;
    if (toAway) {
      log.warn("The notification store is away: {}", cause);
    } else {
      log.info("The notification store is back");
    }
  }
}
