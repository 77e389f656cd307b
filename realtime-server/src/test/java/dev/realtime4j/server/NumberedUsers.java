package dev.realtime4j.server;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import java.util.UUID;

// docs:begin
/** Users who are numbers in the application's own tables. */
final class NumberedUsers {
  /** Made once, with uuidgen for example, and never changed. */
  private static final UUID NAMESPACE = UUID.fromString("6f0c9a1e-6f0b-4a0f-9d5e-6a5b8f6f4c11");

  private NumberedUsers() {}

  /** The id to send to. */
  static UserId of(long account) {
    return UserId.named(NAMESPACE, Long.toString(account));
  }

  /** Takes tokens whose {@code sub} is such a number. */
  static JwtAuthenticator authenticator(String secret) {
    return JwtAuthenticator.builder()
        .hs256(secret)
        .userId(claims -> UserId.named(NAMESPACE, String.valueOf(claims.get("sub"))))
        .build();
  }
}
// docs:end
