package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.Tokens.outcome;
import static dev.realtime4j.server.jwt.Tokens.refused;
import static dev.realtime4j.server.jwt.Tokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.realtime4j.api.InvalidValueException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that an issuer publishes, on a real HTTP server: caching, rotation, outages. */
final class JwksTest {
  private static final KeyPair OLD = Tokens.rsa(2048);
  private static final KeyPair NEW = Tokens.rsa(2048);
  private static final KeyPair EC = Tokens.ec("secp256r1");
  private static final String LATER = "UNAVAILABLE: the token cannot be checked now; try again";
  private static final String UNKNOWN =
      "the token is signed with an algorithm or a key that is not accepted";

  private final KeyServer issuer = KeyServer.start();

  @AfterEach
  void stop() {
    issuer.close();
  }

  private JwtAuthenticator normal() {
    return JwtAuthenticator.jwks(issuer.url());
  }

  private JwtAuthenticator with(Duration fresh, Duration apart, Duration outage) {
    JwksTimes times = new JwksTimes(fresh, Duration.ZERO, fresh, apart, outage);
    return JwtAuthenticator.builder().jwks(issuer.url()).build(times);
  }

  @Test
  void rsa_and_ec_keys_are_taken_and_fetched_once() {
    issuer.publish(KeyServer.jwk("r", OLD), KeyServer.jwk("e", EC));
    JwtAuthenticator authenticator = normal();

    for (int i = 0; i < 20; i++) {
      assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OLD, "r")))
          .isEqualTo("accepted");
      assertThat(outcome(authenticator, signed(JWSAlgorithm.ES256, EC, "e"))).isEqualTo("accepted");
    }

    assertThat(issuer.fetches()).isEqualTo(1);
  }

  @Test
  void a_new_key_works_at_once_and_a_withdrawn_one_no_more() {
    issuer.publish(KeyServer.jwk("old", OLD));
    JwtAuthenticator authenticator = normal();
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OLD, "old")))
        .isEqualTo("accepted");

    issuer.publish(KeyServer.jwk("new", NEW));

    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, NEW, "new")))
        .isEqualTo("accepted");
    assertThat(issuer.fetches()).isEqualTo(2);
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OLD, "old")))
        .isNotEqualTo("accepted");
  }

  @Test
  void a_withdrawn_key_is_forgotten_when_the_set_is_fetched_again() {
    issuer.publish(KeyServer.jwk("old", OLD));
    JwtAuthenticator authenticator =
        with(Duration.ofMillis(300), Duration.ofMillis(10), Duration.ofHours(1));
    String token = signed(JWSAlgorithm.RS256, OLD, "old");
    assertThat(outcome(authenticator, token)).isEqualTo("accepted");

    issuer.publish(KeyServer.jwk("new", NEW));

    await().until(() -> outcome(authenticator, token).equals(refused(UNKNOWN)));
  }

  @Test
  void made_up_key_ids_are_no_way_to_make_requests_to_the_issuer() {
    issuer.publish(KeyServer.jwk("r", OLD));
    JwtAuthenticator authenticator = normal();

    for (int i = 0; i < 50; i++) {
      assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, NEW, "made-up-" + i)))
          .isIn(refused(UNKNOWN), LATER);
    }

    assertThat(issuer.fetches()).isLessThanOrEqualTo(2);
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OLD, "r"))).isEqualTo("accepted");
  }

  @Test
  void while_the_issuer_is_away_known_keys_serve_and_unknown_ones_are_told_to_try_again() {
    issuer.publish(KeyServer.jwk("old", OLD));
    JwtAuthenticator authenticator =
        with(Duration.ofMillis(100), Duration.ofMillis(10), Duration.ofHours(1));
    String known = signed(JWSAlgorithm.RS256, OLD, "old");
    assertThat(outcome(authenticator, known)).isEqualTo("accepted");

    issuer.fail();
    int before = issuer.fetches();
    await()
        .until(
            () -> {
              assertThat(outcome(authenticator, known)).isIn("accepted", LATER);
              return issuer.fetches() > before + 2;
            });
    await().untilAsserted(() -> assertThat(outcome(authenticator, known)).isEqualTo("accepted"));
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, NEW, "new")))
        .isIn(LATER, refused(UNKNOWN));

    issuer.publish(KeyServer.jwk("new", NEW));
    await()
        .until(
            () ->
                outcome(authenticator, signed(JWSAlgorithm.RS256, NEW, "new")).equals("accepted"));
  }

  @Test
  void an_outage_that_lasts_too_long_ends_the_trust_in_the_old_keys() {
    issuer.publish(KeyServer.jwk("old", OLD));
    JwtAuthenticator authenticator =
        with(Duration.ofMillis(50), Duration.ofMillis(10), Duration.ofMillis(300));
    String known = signed(JWSAlgorithm.RS256, OLD, "old");
    assertThat(outcome(authenticator, known)).isEqualTo("accepted");

    issuer.fail();

    await().until(() -> outcome(authenticator, known).equals(LATER));
  }

  @Test
  void an_issuer_that_is_away_from_the_start_is_503_and_not_401() {
    issuer.fail();

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, OLD, "old"))).isEqualTo(LATER);
  }

  @Test
  void what_is_no_key_set_is_503_and_not_401() {
    issuer.answer("<html>login</html>");

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, OLD, "old"))).isEqualTo(LATER);
  }

  @Test
  void a_set_without_key_ids_is_tried_key_by_key() {
    issuer.publish(KeyServer.jwk(null, OLD), KeyServer.jwk(null, NEW));

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, NEW, null))).isEqualTo("accepted");
  }

  @Test
  void a_symmetric_key_in_the_set_and_a_public_key_as_secret_open_nothing() throws Exception {
    byte[] secret = new byte[32];
    issuer.publish(
        new OctetSequenceKey.Builder(secret).keyID("s").build(), KeyServer.jwk("r", OLD));
    JwtAuthenticator authenticator = normal();

    for (MACSigner signer :
        new MACSigner[] {new MACSigner(secret), new MACSigner(OLD.getPublic().getEncoded())}) {
      for (String keyId : new String[] {"s", "r"}) {
        assertThat(outcome(authenticator, signed(JWSAlgorithm.HS256, signer, keyId)))
            .isEqualTo(refused(UNKNOWN));
      }
    }
    assertThat(issuer.fetches()).isZero();
  }

  @Test
  void weak_keys_in_the_set_are_not_used() {
    KeyPair weak = Tokens.rsa(1024);
    issuer.publish(KeyServer.jwk("weak", weak), KeyServer.jwk("r", OLD));

    assertThat(outcome(normal(), KeyServer.signedWeakly(weak, "weak"))).startsWith("UNAUTHORIZED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.org/jwks",
        "ftp://login.example.org/jwks",
        "file:///etc/passwd",
        "/jwks",
        "https:///jwks",
      })
  void an_address_that_anybody_could_answer_for_is_refused(String address) {
    assertThatThrownBy(() -> JwtAuthenticator.jwks(URI.create(address)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("https");
  }
}
