package dev.realtime4j.examples.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.UserId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;

/** Tokens for whoever asks: a real host has a login in front. The secret is a new one every run. */
final class DemoTokens {
  private static final Duration LIFE = Duration.ofMinutes(30);

  private final InstantSource clock;
  private final String secret;

  DemoTokens(InstantSource clock) {
    this.clock = clock;
    byte[] random = new byte[48];
    new SecureRandom().nextBytes(random);
    secret = Base64.getEncoder().encodeToString(random);
  }

  /** What the nodes check tokens with. */
  String secret() {
    return secret;
  }

  /** A token of this user. */
  String of(UserId user) {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(user.toString())
                .expirationTime(Date.from(clock.instant().plus(LIFE)))
                .build());
    try {
      token.sign(new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException("the JDK lacks HmacSHA256", e);
    }
    return token.serialize();
  }
}
