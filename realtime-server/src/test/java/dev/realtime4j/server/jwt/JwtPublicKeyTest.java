package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.Tokens.outcome;
import static dev.realtime4j.server.jwt.Tokens.pem;
import static dev.realtime4j.server.jwt.Tokens.refused;
import static dev.realtime4j.server.jwt.Tokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import dev.realtime4j.api.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RS256 and ES256 with fixed keys, and what must not pass for them. */
final class JwtPublicKeyTest {
  private static final KeyPair RSA = Tokens.rsa(2048);
  private static final KeyPair EC = Tokens.ec("secp256r1");
  private static final String NOT_ACCEPTED =
      "the token is signed with an algorithm or a key that is not accepted";
  private static final String WRONG = "the token's signature is wrong";

  private static JwtAuthenticator of(KeyPair... pairs) {
    JwtAuthenticator.Builder builder = JwtAuthenticator.builder();
    for (KeyPair pair : pairs) {
      builder.publicKey(pem(pair.getPublic()));
    }
    return builder.build();
  }

  @Test
  void each_kind_of_key_takes_the_tokens_of_its_own_algorithm() {
    assertThat(outcome(of(RSA), signed(JWSAlgorithm.RS256, RSA, null))).isEqualTo("accepted");
    assertThat(outcome(of(EC), signed(JWSAlgorithm.ES256, EC, null))).isEqualTo("accepted");
    assertThat(outcome(of(EC), signed(JWSAlgorithm.RS256, RSA, null)))
        .isEqualTo(refused(NOT_ACCEPTED));
    assertThat(outcome(of(RSA), signed(JWSAlgorithm.ES256, EC, null)))
        .isEqualTo(refused(NOT_ACCEPTED));
  }

  @Test
  void an_issuer_may_have_an_old_and_a_new_key() {
    KeyPair next = Tokens.rsa(2048);
    JwtAuthenticator both = of(RSA, next);

    assertThat(outcome(both, signed(JWSAlgorithm.RS256, RSA, "old"))).isEqualTo("accepted");
    assertThat(outcome(both, signed(JWSAlgorithm.RS256, next, "new"))).isEqualTo("accepted");
    assertThat(outcome(both, signed(JWSAlgorithm.RS256, Tokens.rsa(2048), "old")))
        .isEqualTo(refused(WRONG));
  }

  @Test
  void a_public_key_never_becomes_the_secret_of_an_hmac() throws Exception {
    for (byte[] secret :
        new byte[][] {
          pem(RSA.getPublic()).getBytes(StandardCharsets.UTF_8), RSA.getPublic().getEncoded()
        }) {
      String forged = signed(JWSAlgorithm.HS256, new MACSigner(secret), null);

      assertThat(outcome(of(RSA), forged)).isEqualTo(refused(NOT_ACCEPTED));
    }
  }

  @Test
  void other_algorithms_with_the_right_key_are_refused() {
    for (JWSAlgorithm algorithm :
        new JWSAlgorithm[] {JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256}) {
      assertThat(outcome(of(RSA), signed(algorithm, RSA, null))).isEqualTo(refused(NOT_ACCEPTED));
    }
  }

  @Test
  void an_unsigned_token_is_refused() {
    String[] parts = signed(JWSAlgorithm.RS256, RSA, null).split("\\.");
    String none = encoded("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(outcome(of(RSA), none + "." + parts[1] + ".")).startsWith("UNAUTHORIZED");
    assertThat(outcome(of(RSA), none + "." + parts[1] + "." + parts[2])).startsWith("UNAUTHORIZED");
  }

  @Test
  void a_signature_of_zeros_is_refused() {
    String token = signed(JWSAlgorithm.ES256, EC, null);
    String zeros = token.substring(0, token.lastIndexOf('.') + 1) + encoded(new byte[64]);

    assertThat(outcome(of(EC), zeros)).startsWith("UNAUTHORIZED");
  }

  @Test
  void a_key_in_the_token_itself_is_not_looked_at() throws Exception {
    KeyPair attacker = Tokens.rsa(2048);
    com.nimbusds.jwt.SignedJWT jwt =
        new com.nimbusds.jwt.SignedJWT(
            new com.nimbusds.jose.JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(
                    new com.nimbusds.jose.jwk.RSAKey.Builder(
                            (java.security.interfaces.RSAPublicKey) attacker.getPublic())
                        .build())
                .build(),
            new com.nimbusds.jwt.JWTClaimsSet.Builder().subject(Tokens.USER.toString()).build());
    jwt.sign(new com.nimbusds.jose.crypto.RSASSASigner(attacker.getPrivate()));

    assertThat(outcome(of(RSA), jwt.serialize())).isEqualTo(refused(WRONG));
  }

  @Test
  void keys_that_are_too_weak_or_of_another_curve_are_refused_with_the_remedy() {
    assertThatThrownBy(() -> of(Tokens.rsa(1024)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("RSA key of 2048 bits or more")
        .hasMessageContaining("an RSA key of 1024 bits");
    assertThatThrownBy(() -> of(Tokens.ec("secp384r1"))).hasMessageContaining("EC key on P-256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hush",
        "-----BEGIN PUBLIC KEY-----\naHVzaA==\n-----END PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY-----\naHVzaA==\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----\naHVzaA==\n-----END RSA PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----",
      })
  void what_is_no_public_key_is_refused_and_not_quoted(String text) {
    assertThatThrownBy(() -> JwtAuthenticator.builder().publicKey(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("this is no public key in PEM")
        .message()
        .doesNotContain("aHVzaA", "hush");
  }

  @Test
  void two_kinds_of_keys_contradict_each_other() {
    assertThatThrownBy(
            () ->
                JwtAuthenticator.builder()
                    .hs256("0123456789abcdef0123456789abcdef")
                    .publicKey(RSA.getPublic())
                    .build())
        .hasMessageContaining("keys of several kinds")
        .hasMessageContaining("call one of");
  }

  @Test
  void a_secret_that_is_changed_after_the_build_changes_nothing() throws Exception {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    JwtAuthenticator authenticator = JwtAuthenticator.hs256(secret);
    String token = signed(JWSAlgorithm.HS256, new MACSigner(secret.clone()), null);
    Arrays.fill(secret, (byte) 0);

    assertThat(outcome(authenticator, token)).isEqualTo("accepted");
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
