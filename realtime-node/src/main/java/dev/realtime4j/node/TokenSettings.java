package dev.realtime4j.node;

import dev.realtime4j.server.jwt.JwtAuthenticator;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;

/**
 * How tokens are checked: exactly one of {@code REALTIME_JWT_SECRET} (or {@code …_FILE}), {@code
 * REALTIME_JWT_PUBLIC_KEY_FILE} and {@code REALTIME_JWT_JWKS_URL}; and {@code REALTIME_JWT_ISSUER},
 * {@code REALTIME_JWT_AUDIENCE}, {@code REALTIME_JWT_CLOCK_SKEW}.
 */
final class TokenSettings {
  private static final String SECRET = "REALTIME_JWT_SECRET";
  private static final String PUBLIC_KEY = "REALTIME_JWT_PUBLIC_KEY_FILE";
  private static final String JWKS = "REALTIME_JWT_JWKS_URL";
  private static final String SKEW = "REALTIME_JWT_CLOCK_SKEW";

  private TokenSettings() {}

  /**
   * @throws UnfitSettingException for what does not fit, never with a secret
   */
  static JwtAuthenticator read(Variables variables) {
    String secret = variables.secret(SECRET);
    String publicKeys = variables.take(PUBLIC_KEY);
    String jwks = variables.take(JWKS);
    JwtAuthenticator.Builder builder = JwtAuthenticator.builder();
    List<String> given =
        Stream.of(
                secret == null ? "" : SECRET,
                publicKeys == null ? "" : PUBLIC_KEY,
                jwks == null ? "" : JWKS)
            .filter(name -> !name.isEmpty())
            .toList();
    if (given.isEmpty()) {
      throw new UnfitSettingException(
          SECRET,
          "is missing: set it to the HS256 secret of your tokens, at least 32 bytes, or instead "
              + PUBLIC_KEY
              + " or "
              + JWKS
              + " for RS256 and ES256");
    }
    if (given.size() > 1) {
      throw new UnfitSettingException(
          given.get(0),
          "and "
              + String.join(" and ", given.subList(1, given.size()))
              + " exclude each other: keep the one that your tokens are signed for");
    }
    if (secret != null) {
      fit(SECRET, () -> builder.hs256(secret).build());
    }
    if (publicKeys != null) {
      for (String file : Values.set(publicKeys)) {
        String pem = Variables.content(PUBLIC_KEY, file);
        fit(PUBLIC_KEY, () -> builder.publicKey(pem).build());
      }
    }
    if (jwks != null) {
      fit(JWKS, () -> builder.jwks(uri(jwks)));
    }
    claims(variables, builder);
    return builder.build();
  }

  private static void claims(Variables variables, JwtAuthenticator.Builder builder) {
    String issuer = variables.take("REALTIME_JWT_ISSUER");
    if (issuer != null) {
      builder.issuer(issuer);
    }
    String audience = variables.take("REALTIME_JWT_AUDIENCE");
    if (audience != null) {
      builder.audience(audience);
    }
    String scopes = variables.take("REALTIME_JWT_SCOPE_CLAIMS");
    if (scopes != null && !Values.set(scopes).isEmpty()) {
      builder.scopeClaims(Values.set(scopes).toArray(String[]::new));
    }
    String skew = variables.take(SKEW);
    if (skew != null) {
      try {
        builder.clockSkew(Values.duration(skew));
      } catch (UnreadableValueException | IllegalArgumentException e) {
        throw new UnfitSettingException(SKEW, "is \"" + skew + "\": " + e.getMessage());
      }
    }
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is no URL; a key set is at https://host/path");
    }
  }

  /** Runs what refuses by itself, and names the variable. */
  private static void fit(String name, Runnable setting) {
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw new UnfitSettingException(name, "does not fit: " + e.getMessage());
    }
  }
}
