package dev.realtime4j.server.jwt;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times of a token, read from its claims as they were signed. The JWT library makes a {@code
 * Date} of them by a multiplication that runs over: its {@code nbf} of the year 292 million is a
 * day of 1969.
 *
 * @param expiresAt {@code exp}; null when there is none
 * @param notBefore {@code nbf}; null when there is none
 */
record TokenTimes(@Nullable Instant expiresAt, @Nullable Instant notBefore) {
  /** 9999-12-31T23:59:59Z. Beyond it an issuer has counted wrongly, in milliseconds for example. */
  private static final long LATEST = 253_402_300_799L;

  /**
   * @throws RealtimeException {@code UNAUTHORIZED} for a time that is no number of seconds from
   *     1970 to the year 9999; {@code iat} is held to that, too
   */
  static TokenTimes of(Map<String, Object> claims) {
    time(claims, "iat");
    return new TokenTimes(time(claims, "exp"), time(claims, "nbf"));
  }

  private static @Nullable Instant time(Map<String, Object> claims, String name) {
    if (!claims.containsKey(name)) {
      return null;
    }
    // A number with a fraction comes as a double; NaN is in no range.
    if (claims.get(name) instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= LATEST) {
      double seconds = number.doubleValue();
      long whole = (long) Math.floor(seconds);
      return Instant.ofEpochSecond(whole, (long) ((seconds - whole) * 1_000_000_000));
    }
    throw new RealtimeException(
        ErrorCode.UNAUTHORIZED,
        "the token's " + name + " is no number of seconds between 1970 and the year 9999");
  }
}
