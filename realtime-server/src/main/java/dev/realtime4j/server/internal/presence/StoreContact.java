package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.api.internal.SeldomTold;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the presence store answers, and since when without a break.
 *
 * <p>Thread safety: any thread.
 */
final class StoreContact {
  private static final Logger log = LoggerFactory.getLogger(StoreContact.class);

  private final SeldomTold seldom;
  private final InstantSource clock;
  private boolean away;
  private boolean returned;
  private Instant since = Instant.MIN;

  StoreContact(ServerEnvironment environment) {
    this.seldom = new SeldomTold(environment.nanoTime());
    this.clock = environment.clock();
  }

  /** All of the store answered: a call that asks nothing, or one part of it, says nothing. */
  synchronized void reached() {
    if (away) {
      away = false;
      returned = true;
      since = clock.instant();
      log.info("The presence store is back");
    }
  }

  /**
   * The store did not do what it was asked. Only when it did not answer it is unavailable: what it
   * holds of one user may be damaged while it serves the others.
   */
  synchronized void missed(RealtimeException e) {
    if (e.code() != ErrorCode.UNAVAILABLE) {
      seldom
          .now("refused")
          .ifPresent(
              more ->
                  log.warn(
                      "The presence store refused a call: {} ({} more since the last time)",
                      Printable.of(e.getMessage()),
                      more));
    } else if (!away) {
      away = true;
      log.warn("The presence store is unavailable: {}", e.getMessage());
    }
  }

  /** Whether it did not answer last time. */
  synchronized boolean isUnavailable() {
    return away;
  }

  /**
   * A store that does not answer would hold a worker for as long as it is waited for, with each
   * call: only the reaper asks it meanwhile.
   *
   * @throws RealtimeException {@code UNAVAILABLE} while it is known to be unavailable
   */
  synchronized void require() {
    if (away) {
      throw RealtimeException.unavailable("the presence store is unavailable", null);
    }
  }

  /** Whether it came back since this was asked last. */
  synchronized boolean hasReturned() {
    boolean now = returned;
    returned = false;
    return now;
  }

  /** Whether it has answered for so long, or since the beginning. */
  synchronized boolean isSteadyFor(Duration time) {
    return !away && (since.equals(Instant.MIN) || !clock.instant().isBefore(since.plus(time)));
  }
}
