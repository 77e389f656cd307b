package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.store.CallRefusedException;
import dev.realtime4j.server.internal.store.StoreGuard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store answered last time, reading and writing apart: a database that only reads, such
 * as a primary that was demoted, is unavailable for writing, and steadily so, whatever can be read
 * meanwhile. A change is logged once.
 *
 * <p>Thread safety: any thread.
 */
final class StoreHealth implements StoreGuard.Listener {
  private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

  private volatile boolean readingUnavailable;
  private volatile boolean writingUnavailable;

  /** Whether it is unavailable for anything. */
  boolean isUnavailable() {
    return readingUnavailable || writingUnavailable;
  }

  /** Whether nothing can be read. */
  boolean isReadingUnavailable() {
    return readingUnavailable;
  }

  @Override
  public void opened(RealtimeException why) {
    readFailed(why);
  }

  /** What is asked of it next tells whether only reading is possible. */
  @Override
  public void closed() {}

  void read() {
    if (readingUnavailable) {
      change(false, writingUnavailable, null);
    }
  }

  void wrote() {
    if (isUnavailable()) {
      change(false, false, null);
    }
  }

  void readFailed(RealtimeException e) {
    if (!readingUnavailable && isNews(e)) {
      change(true, writingUnavailable, e.getMessage());
    }
  }

  /** Until something was read it is not known whether only writing is at fault. */
  void writeFailed(RealtimeException e) {
    if (!writingUnavailable && isNews(e)) {
      change(true, true, e.getMessage());
    }
  }

  /** Of what the guard refuses it has told already, and may meanwhile have found the store back. */
  private static boolean isNews(RealtimeException e) {
    return !(e instanceof CallRefusedException);
  }

  private synchronized void change(boolean reading, boolean writing, @Nullable String cause) {
    boolean wasUnavailable = isUnavailable();
    boolean couldRead = !readingUnavailable;
    readingUnavailable = reading;
    writingUnavailable = writing;
    if (!wasUnavailable && isUnavailable()) {
      log.warn("The notification store is unavailable: {}", cause);
    } else if (wasUnavailable && !isUnavailable()) {
      log.info("The notification store is back");
    } else if (!couldRead && !reading) {
      log.warn("The notification store can be read again, but not written");
    }
  }
}
