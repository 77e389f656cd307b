package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves users by JSON Web Tokens: signed with HS256; {@code sub} is the user's UUID, {@code exp}
 * is required, {@code nbf} is respected, {@code scope} is a space-separated list.
 *
 * <pre>{@code
 * Authenticator authenticator = JwtAuthenticator.hs256(System.getenv("JWT_SECRET"));
 * }</pre>
 *
 * <p>A token is at most {@value #MAX_TOKEN_LENGTH} characters long. It is expired from the second
 * of its {@code exp} on, unless a clock skew is set. No refusal quotes the token.
 *
 * <p>Needs {@code com.nimbusds:nimbus-jose-jwt}, which this library does not bring along.
 *
 * <p>Thread safety: any thread; never blocks. Lifecycle: nothing to close.
 */
public final class JwtAuthenticator implements Authenticator {
  /** The longest token that is looked at. */
  public static final int MAX_TOKEN_LENGTH = 8 * 1024;

  private final KeySelector keys;
  private final InstantSource clock;
  private final Duration clockSkew;
  private final @Nullable String issuer;
  private final @Nullable String audience;

  private JwtAuthenticator(KeySelector keys, Builder settings) {
    this.keys = keys;
    this.clock = settings.clock;
    this.clockSkew = settings.clockSkew;
    this.issuer = settings.issuer;
    this.audience = settings.audience;
  }

  /**
   * Tokens signed with this secret.
   *
   * @param secret its UTF-8 form has at least 32 bytes; as it is, not decoded from Base64
   * @throws RealtimeException {@code BAD_REQUEST} when it is shorter
   */
  public static JwtAuthenticator hs256(String secret) {
    return builder().hs256(secret).build();
  }

  /**
   * Tokens signed with this secret.
   *
   * @param secret at least 32 bytes; copied
   * @throws RealtimeException {@code BAD_REQUEST} when it is shorter
   */
  public static JwtAuthenticator hs256(byte[] secret) {
    return builder().hs256(secret).build();
  }

  /** Begins an authenticator that asks for more than a signature. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Principal authenticate(Handshake handshake) {
    String token = handshake.token().orElseThrow(() -> refused("there is no token"));
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw refused("the token is longer than " + MAX_TOKEN_LENGTH + " characters");
    }
    JWTClaimsSet claims = verified(token);
    Instant expiresAt = checkedTimes(claims);
    checkOrigin(claims);
    return new Principal(user(claims), scopes(claims), expiresAt);
  }

  /** Neither the library's messages nor its exceptions go on: they may quote the token. */
  private JWTClaimsSet verified(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWSVerifier verifier = keys.select(jwt.getHeader());
      if (verifier == null) {
        throw refused("the token is signed with an algorithm that is not accepted");
      }
      if (!jwt.verify(verifier)) {
        throw refused("the token's signature is wrong");
      }
      return jwt.getJWTClaimsSet();
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw refused("the token is not a signed JWT");
    }
  }

  private Instant checkedTimes(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    if (expires == null) {
      throw refused("the token has no exp");
    }
    Instant expiresAt = expires.toInstant().plus(clockSkew);
    if (!now.isBefore(expiresAt)) {
      throw refused("the token has expired");
    }
    Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && now.isBefore(notBefore.toInstant().minus(clockSkew))) {
      throw refused("the token is not valid yet");
    }
    return expiresAt;
  }

  private void checkOrigin(JWTClaimsSet claims) {
    if (issuer != null && !issuer.equals(claims.getIssuer())) {
      throw refused("the token is of another issuer");
    }
    if (audience != null && !claims.getAudience().contains(audience)) {
      throw refused("the token is for another audience");
    }
  }

  private static UserId user(JWTClaimsSet claims) {
    String subject = claims.getSubject();
    try {
      return UserId.of(subject == null ? "" : subject);
    } catch (RealtimeException e) {
      throw refused("the token's sub is not the UUID of a user");
    }
  }

  private static Set<String> scopes(JWTClaimsSet claims) {
    try {
      String scope = claims.getStringClaim("scope");
      return scope == null || scope.isBlank()
          ? Set.of()
          : Set.copyOf(List.of(scope.trim().split("\\s+")));
    } catch (ParseException e) {
      throw refused("the token's scope is not a string");
    }
  }

  private static RealtimeException refused(String why) {
    return new RealtimeException(ErrorCode.UNAUTHORIZED, why);
  }

  /** Collects what a token must be. Not thread-safe; used once. */
  public static final class Builder {
    private @Nullable KeySelector keys;
    private InstantSource clock = InstantSource.system();
    private Duration clockSkew = Duration.ZERO;
    private @Nullable String issuer;
    private @Nullable String audience;

    private Builder() {}

    /** Required: see {@link JwtAuthenticator#hs256(String)}. */
    public Builder hs256(String secret) {
      return hs256(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Required: see {@link JwtAuthenticator#hs256(byte[])}. */
    public Builder hs256(byte[] secret) {
      keys = new SharedSecret(secret);
      return this;
    }

    /** What time it is; the system's clock when not called. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * How far the clocks of issuer and server may differ: added to {@code exp}, taken off {@code
     * nbf}. Zero when not called.
     *
     * @throws RealtimeException {@code BAD_REQUEST} when it is negative or above five minutes
     */
    public Builder clockSkew(Duration clockSkew) {
      if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
        throw RealtimeException.badRequest(
            "clock skew must be 0 to 5 minutes, not " + clockSkew + "; synchronise the clocks");
      }
      this.clockSkew = clockSkew;
      return this;
    }

    /** The {@code iss} that every token must have; any or none when not called. */
    public Builder issuer(String issuer) {
      this.issuer = issuer;
      return this;
    }

    /** What every token's {@code aud} must hold; anything or nothing when not called. */
    public Builder audience(String audience) {
      this.audience = audience;
      return this;
    }

    /**
     * @throws RealtimeException {@code BAD_REQUEST} when no key was given
     */
    public JwtAuthenticator build() {
      if (keys == null) {
        throw RealtimeException.badRequest(
            "no key to check tokens with; call hs256(secret) before build()");
      }
      return new JwtAuthenticator(keys, this);
    }
  }
}
