package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.JwtAuthenticator.refused;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.List;

/** Reads tokens, and checks their signatures. */
final class SignedTokens {
  private SignedTokens() {}

  /**
   * What a token says, once a key has proved it. Neither the library's messages nor its exceptions
   * go on: they may quote the token.
   */
  static JWTClaimsSet verified(String token, KeySelector keys) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      List<JWSVerifier> verifiers = keys.select(jwt.getHeader());
      if (verifiers.isEmpty()) {
        throw refused("the token is signed with an algorithm or a key that is not accepted");
      }
      for (JWSVerifier verifier : verifiers) {
        if (jwt.verify(verifier)) {
          return jwt.getJWTClaimsSet();
        }
      }
      throw refused("the token's signature is wrong");
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw refused("the token is not a signed JWT");
    }
  }
}
