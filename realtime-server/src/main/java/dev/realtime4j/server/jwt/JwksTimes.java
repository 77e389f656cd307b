package dev.realtime4j.server.jwt;

import java.time.Duration;

/**
 * How long a key set from elsewhere is good for.
 *
 * @param fresh how long it is used without asking again; so long a withdrawn key is still accepted
 * @param ahead how long before the end of that it is fetched again, in the background
 * @param patience how long a handshake waits for a fetch that another one began
 * @param apart how often keys may be fetched, twice in each such time: tokens with made-up key ids
 *     must not become requests to the issuer
 * @param outage how long it is used while the issuer cannot be reached
 */
record JwksTimes(
    Duration fresh, Duration ahead, Duration patience, Duration apart, Duration outage) {
  static final JwksTimes NORMAL =
      new JwksTimes(
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofHours(1));
}
