package dev.realtime4j.testkit;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which token stands for whom, and until when. Thread safety: any thread. */
final class FakeTokens {
  /** What a token proves. */
  record Proof(UserId user, @Nullable Instant expiresAt) {}

  private final VirtualTime time;
  private final Map<String, Proof> good = new HashMap<>();
  private @Nullable Duration lifetime;
  private int count;

  FakeTokens(VirtualTime time) {
    this.time = time;
  }

  synchronized void lifetime(Duration duration) {
    lifetime = duration;
  }

  synchronized String issue(UserId user) {
    String token = "token-" + ++count;
    good.put(token, new Proof(user, lifetime == null ? null : time.now().plus(lifetime)));
    return token;
  }

  /** All that were issued are refused from now on. */
  synchronized void revokeAll() {
    good.clear();
  }

  synchronized Optional<Proof> proof(String token) {
    return Optional.ofNullable(good.get(token))
        .filter(proof -> proof.expiresAt() == null || proof.expiresAt().isAfter(time.now()));
  }

  Proof require(String token, UserId user) {
    return proof(token)
        .filter(proof -> proof.user().equals(user))
        .orElseThrow(
            () -> new RealtimeException(ErrorCode.UNAUTHORIZED, "the token is not good any more"));
  }
}
