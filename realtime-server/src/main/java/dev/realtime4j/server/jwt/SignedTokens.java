package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.JwtAuthenticator.refused;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Reads tokens, and checks their signatures. */
final class SignedTokens {
  private SignedTokens() {}

  /**
   * What a proved token says.
   *
   * @param claims what the library reads; its times may have run over
   * @param payload all of it, as it was signed
   * @param times its times
   */
  record Proof(JWTClaimsSet claims, Map<String, Object> payload, TokenTimes times) {}

  /**
   * What a token says, once a key has proved it. Neither the library's messages nor its exceptions
   * go on: they may quote the token.
   */
  static Proof verified(String token, KeySelector keys) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      List<JWSVerifier> verifiers = keys.select(jwt.getHeader());
      if (verifiers.isEmpty()) {
        throw refused("the token is signed with an algorithm or a key that is not accepted");
      }
      for (JWSVerifier verifier : verifiers) {
        if (jwt.verify(verifier)) {
          return proof(jwt);
        }
      }
      throw refused("the token's signature is wrong");
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      throw refused("the token is not a signed JWT");
    }
  }

  /** The times first: what they are not is told as such. */
  private static Proof proof(SignedJWT jwt) throws ParseException {
    Map<String, Object> payload = jwt.getPayload().toJSONObject();
    if (payload == null) {
      throw refused("the token's claims are no JSON object");
    }
    TokenTimes times = TokenTimes.of(payload);
    return new Proof(jwt.getJWTClaimsSet(), Collections.unmodifiableMap(payload), times);
  }
}
