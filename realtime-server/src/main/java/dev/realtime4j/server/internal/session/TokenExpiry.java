package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.protocol.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the expiry of one socket's token: warns when it comes, closes when the grace is over.
 *
 * <p>Thread safety: any thread.
 */
final class TokenExpiry {
  private final ScheduledExecutorService timer;
  private final Duration grace;
  private final Session session;
  private @Nullable Future<?> next;
  private boolean stopped;

  TokenExpiry(ScheduledExecutorService timer, Duration grace, Session session) {
    this.timer = timer;
    this.grace = grace;
    this.session = session;
  }

  /** Begins, or begins again with a new token. */
  synchronized void follow(Principal principal, Instant now) {
    cancel();
    Instant expiresAt = principal.expiresAt();
    if (expiresAt != null && !stopped) {
      long millis = Math.max(0, Duration.between(now, expiresAt).toMillis());
      next = timer.schedule(this::expired, millis, TimeUnit.MILLISECONDS);
    }
  }

  synchronized void stop() {
    stopped = true;
    cancel();
  }

  private synchronized void expired() {
    if (stopped) {
      return;
    }
    session.send(Frame.Event.of("token_expired", Json.object("grace_ms", grace.toMillis())));
    next = timer.schedule(session::tokenRunOut, grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }
}
