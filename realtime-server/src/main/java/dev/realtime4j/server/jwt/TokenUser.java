package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.JwtAuthenticator.refused;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whose token it is, by its claims. */
final class TokenUser {
  /** Thrown for a subject that is none: what it is worth is told by the caller. */
  private static final String NO_UUID = "the token's sub is not the UUID of a user";

  private TokenUser() {}

  /** {@code sub}, when it is a UUID. */
  static UserId subject(Map<String, Object> claims) {
    try {
      return UserId.of(claims.get("sub") instanceof String subject ? subject : "");
    } catch (IllegalArgumentException e) {
      throw refused(NO_UUID);
    }
  }

  /**
   * As the application reads them.
   *
   * @throws RealtimeException {@code UNAUTHORIZED} when they name nobody; what the application
   *     throws of its own goes on
   */
  static UserId of(
      Map<String, Object> claims, Function<Map<String, Object>, @Nullable UserId> function) {
    @Nullable UserId user = null;
    try {
      user = function.apply(claims);
    } catch (IllegalArgumentException e) {
      throw refused("the token's claims name no user"); // The exception may quote them.
    }
    if (user == null) {
      throw refused("the token's claims name no user");
    }
    return user;
  }
}
