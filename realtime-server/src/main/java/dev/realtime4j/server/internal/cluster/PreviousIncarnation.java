package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ServerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node of this one's id still lives, or has died and is to be succeeded. A dead one's
 * last sign of life may count for a while yet; one that lives gives the next within a quarter of
 * that time. So it is watched for a little longer than that.
 *
 * <p>Thread safety: one thread at a time.
 */
final class PreviousIncarnation {
  private final ServerRegistry servers;
  private final ServerId self;
  private final InstantSource clock;
  private final Duration ttl;
  private @Nullable Instant lastBeat;
  private Instant watchedSince = Instant.MIN;

  PreviousIncarnation(ServerRegistry servers, ServerId self, InstantSource clock, Duration ttl) {
    this.servers = servers;
    this.self = self;
    this.clock = clock;
    this.ttl = ttl;
  }

  enum Verdict {
    /** There is none, or it is dead. */
    GONE,
    /** It may have died a moment ago. */
    UNDECIDED,
    /** It has given a sign of life while it was watched. */
    LIVES
  }

  Verdict look() {
    if (servers.incarnation(self).isEmpty()) {
      return Verdict.GONE;
    }
    Instant now = clock.instant();
    Instant beat = servers.lastBeat(self).orElse(null);
    if (beat == null || beat.isBefore(now.minus(ttl.dividedBy(2)))) {
      return Verdict.GONE;
    }
    if (!beat.equals(lastBeat)) {
      boolean watched = lastBeat != null;
      lastBeat = beat;
      watchedSince = now;
      return watched ? Verdict.LIVES : Verdict.UNDECIDED;
    }
    return now.isBefore(watchedSince.plus(ttl.multipliedBy(3).dividedBy(8)))
        ? Verdict.UNDECIDED
        : Verdict.GONE;
  }
}
