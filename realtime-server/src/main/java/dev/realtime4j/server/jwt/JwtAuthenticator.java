package dev.realtime4j.server.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.internal.Library;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates users by JSON Web Tokens: signed with HS256 (a secret shared with the issuer), or
 * with RS256 or ES256 (the issuer's public key, fixed or fetched from its key set); {@code sub} is
 * the user's UUID, unless {@link Builder#userId} says how to find it, {@code exp} is required,
 * {@code nbf} is respected, {@code scope} and {@code scp} say what it allows, as a text with spaces
 * or a list.
 *
 * <pre>{@code
 * JwtAuthenticator.hs256(System.getenv("JWT_SECRET"));
 * JwtAuthenticator.jwks(URI.create("https://login.example.org/.well-known/jwks.json"));
 * JwtAuthenticator.builder().publicKey(pem).issuer("https://login.example.org").build();
 * }</pre>
 *
 * <p>The algorithm comes from the kind of key, never from the token. A token is at most {@value
 * #MAX_TOKEN_LENGTH} characters long. It is expired from the second of its {@code exp} on, unless a
 * clock skew is set. No refusal quotes the token.
 *
 * <p>Needs {@code com.nimbusds:nimbus-jose-jwt}, which this library does not depend on; without it
 * every factory throws a {@link RealtimeException}, {@code INTERNAL}, that says so.
 *
 * <p>Thread safety: any thread; blocks only while a key set is fetched, for seconds at most.
 * Lifecycle: nothing to close.
 */
public final class JwtAuthenticator implements Authenticator {
  /** The longest token that is accepted. */
  public static final int MAX_TOKEN_LENGTH = 8 * 1024;

  /**
   * Asked for here and named elsewhere ({@link SignedTokens}, the {@link KeySelector}s): a class
   * that catches what is missing cannot be loaded, and so says nothing.
   */
  private static final Library NIMBUS =
      Library.ofModule(
          "Nimbus JOSE + JWT",
          "com.nimbusds.jwt.SignedJWT",
          "com.nimbusds:nimbus-jose-jwt",
          "com.nimbusds.jose.jwt");

  private final KeySelector keys;
  private final InstantSource clock;
  private final Duration clockSkew;
  private final @Nullable String issuer;
  private final @Nullable String audience;
  private final Set<String> scopeClaims;
  private final Function<Map<String, Object>, @Nullable UserId> users;

  private JwtAuthenticator(KeySelector keys, Builder settings) {
    this.keys = keys;
    this.clock = settings.clock;
    this.clockSkew = settings.clockSkew;
    this.issuer = settings.issuer;
    this.audience = settings.audience;
    this.scopeClaims = settings.scopeClaims;
    this.users = settings.users;
  }

  /**
   * Tokens signed with this secret.
   *
   * @param secret at least 32 bytes in UTF-8; used as it is, not decoded from Base64
   * @throws InvalidValueException when it is shorter
   */
  public static JwtAuthenticator hs256(String secret) {
    return builder().hs256(secret).build();
  }

  /**
   * Tokens signed with this secret.
   *
   * @param secret at least 32 bytes; copied
   * @throws InvalidValueException when it is shorter
   */
  public static JwtAuthenticator hs256(byte[] secret) {
    return builder().hs256(secret).build();
  }

  /** Tokens signed with a key that an issuer publishes: see {@link Builder#jwks}. */
  public static JwtAuthenticator jwks(URI url) {
    return builder().jwks(url).build();
  }

  /** Begins an authenticator that checks more than a signature, or has fixed public keys. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Principal authenticate(Handshake handshake) {
    String token = handshake.token().orElseThrow(() -> refused("there is no token"));
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw refused("the token is longer than " + MAX_TOKEN_LENGTH + " characters");
    }
    SignedTokens.Proof proof = SignedTokens.verified(token, keys);
    Instant expiresAt = checked(proof.times());
    checkOrigin(proof.claims());
    Map<String, Object> claims = proof.payload();
    return new Principal(
        TokenUser.of(claims, users), TokenScopes.of(claims, scopeClaims), expiresAt);
  }

  private Instant checked(TokenTimes times) {
    Instant now = clock.instant();
    Instant expires = times.expiresAt();
    if (expires == null) {
      throw refused("the token has no exp");
    }
    Instant expiresAt = expires.plus(clockSkew);
    if (!now.isBefore(expiresAt)) {
      throw refused("the token has expired");
    }
    Instant notBefore = times.notBefore();
    if (notBefore != null && now.isBefore(notBefore.minus(clockSkew))) {
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

  static RealtimeException refused(String why) {
    return new RealtimeException(ErrorCode.UNAUTHORIZED, why);
  }

  /** Collects the requirements for tokens. Not thread-safe; used once. */
  public static final class Builder {
    private byte @Nullable [] secret;
    private final List<PublicKey> publicKeys = new ArrayList<>();
    private @Nullable URI jwks;
    private InstantSource clock = ServerEnvironment.system().clock();
    private Duration clockSkew = Duration.ZERO;
    private @Nullable String issuer;
    private @Nullable String audience;
    private Set<String> scopeClaims = Set.of("scope", "scp");
    private Function<Map<String, Object>, @Nullable UserId> users = TokenUser::subject;

    private Builder() {
      NIMBUS.requireFor("JwtAuthenticator", JwtAuthenticator.class);
    }

    /** HS256 with a secret: see {@link JwtAuthenticator#hs256(String)}. */
    public Builder hs256(String secret) {
      return hs256(Objects.requireNonNull(secret, "secret").getBytes(StandardCharsets.UTF_8));
    }

    /** HS256 with a secret: see {@link JwtAuthenticator#hs256(byte[])}. */
    public Builder hs256(byte[] secret) {
      this.secret = Objects.requireNonNull(secret, "secret").clone();
      return this;
    }

    /**
     * RS256 or ES256 with a fixed key. May be called again, for the next key of an issuer that
     * changes it.
     *
     * @param pem {@code -----BEGIN PUBLIC KEY-----}, or a certificate
     * @throws InvalidValueException when it is neither
     */
    public Builder publicKey(String pem) {
      return publicKey(PemPublicKey.parse(Objects.requireNonNull(pem, "pem")));
    }

    /**
     * Like {@link #publicKey(String)}, with a key object.
     *
     * @param key RSA of 2,048 bits or more, or EC on P-256; another is refused by {@link #build}
     */
    public Builder publicKey(PublicKey key) {
      publicKeys.add(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * RS256 and ES256 with the keys that an issuer publishes (JWKS). The set is fetched at the
     * first token, used for five minutes, and fetched again in the background before these are
     * over, or at once for a key id that is not in it (at most twice in 30 seconds). While the
     * issuer is unavailable the keys stay valid for an hour; then, and for unknown keys, tokens are
     * refused as {@code UNAVAILABLE} (503). Symmetric keys in the set are ignored.
     *
     * @param url {@code https}, trusted by the JVM; {@code http} on this machine only
     * @throws InvalidValueException for another
     */
    public Builder jwks(URI url) {
      this.jwks = JwksKeys.checked(Objects.requireNonNull(url, "url"));
      return this;
    }

    /** The clock; the system's when not called. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * How far the clocks of issuer and server may differ: added to {@code exp}, subtracted from
     * {@code nbf}. Zero when not called.
     *
     * @throws InvalidValueException when it is negative or above five minutes
     */
    public Builder clockSkew(Duration clockSkew) {
      if (Objects.requireNonNull(clockSkew, "clockSkew").isNegative()
          || clockSkew.compareTo(Duration.ofMinutes(5)) > 0) {
        throw new InvalidValueException(
            "clock skew must be 0 to 5 minutes, not " + clockSkew + "; synchronise the clocks");
      }
      this.clockSkew = clockSkew;
      return this;
    }

    /** The {@code iss} that every token must have; any or none when not called. */
    public Builder issuer(String issuer) {
      this.issuer = Objects.requireNonNull(issuer, "issuer");
      return this;
    }

    /** What every token's {@code aud} must contain; anything or nothing when not called. */
    public Builder audience(String audience) {
      this.audience = Objects.requireNonNull(audience, "audience");
      return this;
    }

    /**
     * The claims that hold what a token allows, each as a text with spaces or as a list; {@code
     * scope} and {@code scp} when not called. All of them count together.
     *
     * @param names one or more, for example {@code permissions} or {@code roles}
     */
    public Builder scopeClaims(String... names) {
      Objects.requireNonNull(names, "names");
      Set<String> claims = Set.copyOf(Arrays.asList(names));
      if (claims.isEmpty() || claims.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(
            "scopeClaims needs the names of claims, such as \"scope\" or \"permissions\"");
      }
      this.scopeClaims = claims;
      return this;
    }

    /**
     * Finds the user of a token, for issuers whose {@code sub} is no UUID; {@code sub} as a UUID
     * when not called.
     *
     * <pre>{@code
     * .userId(claims -> UserId.named(USERS, String.valueOf(claims.get("sub"))))
     * }</pre>
     *
     * @param users gets the claims of a verified token, as JSON: {@code String}, {@code Number},
     *     {@code Boolean}, {@code List}, {@code Map}; unmodifiable. It may block. When it returns
     *     null or throws {@link IllegalArgumentException}, the token is refused (401); a {@link
     *     RealtimeException} is passed on
     * @see UserId#named
     */
    public Builder userId(Function<Map<String, Object>, @Nullable UserId> users) {
      this.users = Objects.requireNonNull(users, "users");
      return this;
    }

    /**
     * @throws InvalidValueException when there is no key, or keys of several kinds, or one that
     *     cannot be used
     */
    public JwtAuthenticator build() {
      return new JwtAuthenticator(keys(JwksTimes.NORMAL), this);
    }

    /** The same with other times, for tests of rotation and outages. */
    JwtAuthenticator build(JwksTimes times) {
      return new JwtAuthenticator(keys(times), this);
    }

    private KeySelector keys(JwksTimes times) {
      byte[] shared = secret;
      URI url = jwks;
      int kinds = (shared == null ? 0 : 1) + (publicKeys.isEmpty() ? 0 : 1) + (url == null ? 0 : 1);
      if (kinds != 1) {
        throw new IllegalStateException(
            (kinds == 0 ? "no key to check tokens with" : "keys of several kinds")
                + "; before build() call one of hs256(secret), publicKey(pem), jwks(url)");
      }
      if (shared != null) {
        return new SharedSecret(shared);
      }
      return url == null ? new PublicKeys(publicKeys) : new JwksKeys(url, times);
    }
  }
}
