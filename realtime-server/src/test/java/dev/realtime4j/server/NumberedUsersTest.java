package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.auth.Handshake;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sample on the page of security. */
class NumberedUsersTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";

  @Test
  void who_proves_a_number_is_the_user_that_the_application_sends_to() throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject("4711")
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .build());
    token.sign(new MACSigner(SECRET));
    Map<String, String> headers = Map.of("Authorization", "Bearer " + token.serialize());

    assertThat(
            NumberedUsers.authenticator(SECRET)
                .authenticate(Handshake.of("/ws", headers, InetAddress.getLoopbackAddress()))
                .userId())
        .isEqualTo(NumberedUsers.of(4711))
        .isNotEqualTo(NumberedUsers.of(4712));
  }
}
