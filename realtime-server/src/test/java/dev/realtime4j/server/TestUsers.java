package dev.realtime4j.server;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** A token is the user's id, and perhaps a {@code !} and the milliseconds it is still good for. */
final class TestUsers implements Authenticator {
  private final InstantSource clock;

  TestUsers() {
    this(InstantSource.system());
  }

  /**
   * @param clock by which tokens expire
   */
  TestUsers(InstantSource clock) {
    this.clock = clock;
  }

  static UserId some() {
    return new UserId(UUID.randomUUID());
  }

  @Override
  public Principal authenticate(Handshake handshake) {
    String[] token =
        handshake
            .token()
            .orElseThrow(() -> new RealtimeException(ErrorCode.UNAUTHORIZED, "no token"))
            .split("!");
    try {
      Instant expiry =
          token.length == 1
              ? null
              : clock.instant().plusMillis(Long.parseLong(token[1])).truncatedTo(ChronoUnit.MILLIS);
      return new Principal(UserId.of(token[0]), Set.of(), expiry);
    } catch (InvalidValueException e) {
      throw new RealtimeException(ErrorCode.UNAUTHORIZED, "bad token", e);
    }
  }
}
