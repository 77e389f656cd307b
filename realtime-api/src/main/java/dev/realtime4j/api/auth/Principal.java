package dev.realtime4j.api.auth;

import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated user.
 *
 * @param userId the user
 * @param scopes what the token allows; may be empty
 * @param expiresAt when the proof expires and must be refreshed; null for never
 */
public record Principal(UserId userId, Set<String> scopes, @Nullable Instant expiresAt) {
  /** The scope that the sending calls of the HTTP API ask for. */
  public static final String ADMIN_SCOPE = "realtime:admin";

  /** Keeps a copy of the scopes, which may not be null. */
  public Principal {
    scopes = Set.copyOf(scopes);
  }

  /** A user without scopes whose proof never expires. */
  public static Principal of(UserId userId) {
    Objects.requireNonNull(userId, "userId");
    return new Principal(userId, Set.of(), null);
  }

  /** Whether the token has this scope. */
  public boolean hasScope(String scope) {
    return scopes.contains(scope);
  }
}
