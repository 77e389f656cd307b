package dev.realtime4j.server.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtAuthenticatorTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String USER = "11111111-1111-4111-8111-111111111111";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant EXPIRY = NOW.plusSeconds(600);

  private final Authenticator authenticator =
      JwtAuthenticator.builder().hs256(SECRET).clock(() -> NOW).build();

  @Test
  void a_good_token_proves_its_user() throws Exception {
    Principal principal =
        prove(authenticator, signed(claims().claim("scope", "realtime:admin other other ")));

    assertThat(principal.userId()).hasToString(USER);
    assertThat(principal.scopes()).containsExactlyInAnyOrder("realtime:admin", "other");
    assertThat(principal.expiresAt()).isEqualTo(EXPIRY);
  }

  @Test
  void a_token_without_scope_has_none() throws Exception {
    assertThat(prove(authenticator, signed(claims())).scopes()).isEmpty();
    assertThat(prove(authenticator, signed(claims().claim("scope", " "))).scopes()).isEmpty();
  }

  @Test
  void the_system_clock_decides_by_default() throws Exception {
    Authenticator byDefault = JwtAuthenticator.hs256(SECRET.getBytes(StandardCharsets.UTF_8));
    Date soon = Date.from(Instant.now().plusSeconds(60));
    Date justNow = Date.from(Instant.now().minusSeconds(3));

    prove(byDefault, signed(claims().expirationTime(soon)));
    assertRefused(byDefault, signed(claims().expirationTime(justNow)), "expired");
  }

  @Test
  void no_token_is_refused() {
    Handshake bare = Handshake.of("/ws", Map.of(), InetAddress.getLoopbackAddress());

    assertThatExceptionOfType(RealtimeException.class)
        .isThrownBy(() -> authenticator.authenticate(bare))
        .matches(e -> e.code() == ErrorCode.UNAUTHORIZED);
  }

  @Test
  void an_expired_token_is_refused_from_its_second_on() throws Exception {
    assertRefused(signed(claims().expirationTime(Date.from(NOW))), "expired");
    assertRefused(signed(claims().expirationTime(Date.from(NOW.minusSeconds(3)))), "expired");
    prove(authenticator, signed(claims().expirationTime(Date.from(NOW.plusSeconds(1)))));
  }

  @Test
  void a_clock_skew_prolongs_the_token_and_the_principal() throws Exception {
    Authenticator lenient =
        JwtAuthenticator.builder()
            .hs256(SECRET)
            .clock(() -> NOW)
            .clockSkew(Duration.ofSeconds(30))
            .build();

    Principal principal =
        prove(lenient, signed(claims().expirationTime(Date.from(NOW.minusSeconds(29)))));

    assertThat(principal.expiresAt()).isEqualTo(NOW.plusSeconds(1));
    assertRefused(
        lenient, signed(claims().expirationTime(Date.from(NOW.minusSeconds(30)))), "expired");
  }

  @Test
  void a_token_without_expiry_is_refused() throws Exception {
    assertRefused(signed(claims().expirationTime(null)), "no exp");
  }

  @Test
  void a_token_of_the_future_is_refused() throws Exception {
    assertRefused(signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(1)))), "not valid yet");
    prove(authenticator, signed(claims().notBeforeTime(Date.from(NOW))));
  }

  /** Each as the number stands in JSON; times a thousand most of them run over. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775807",
        "9223372036854775",
        "9223372036854776",
        "18446744073709551",
        "18446744073709552000",
        "-9223372036854775808",
        "-9223372036854776",
        "-1",
        "253402300800",
        "1772366400000",
        "1e18",
        "1e30",
        "1e400",
        "-1e400",
        "123456789012345678901234567890",
        "\"1772366400\"",
        "\"soon\"",
        "true",
        "null",
        "[1772366400]",
        "{}",
      })
  void a_time_that_is_no_time_is_refused_wherever_it_stands(String number) throws Exception {
    String good = "\"exp\":" + EXPIRY.getEpochSecond();

    prove(authenticator, signedByHand(good));
    assertRefused(signedByHand("\"exp\":" + number), "");
    assertRefused(signedByHand(good + ",\"nbf\":" + number), "");
    assertRefused(signedByHand(good + ",\"iat\":" + number), "");
  }

  @Test
  void a_fraction_of_a_second_counts() throws Exception {
    String good = "\"exp\":" + EXPIRY.getEpochSecond() + ".5";
    long now = NOW.getEpochSecond();

    assertThat(prove(authenticator, signedByHand(good)).expiresAt())
        .isEqualTo(EXPIRY.plusMillis(500));
    assertRefused(signedByHand(good + ",\"nbf\":" + now + ".5"), "not valid yet");
    prove(authenticator, signedByHand(good + ",\"nbf\":" + (now - 1) + ".999"));
    prove(authenticator, signedByHand("\"exp\":253402300799,\"nbf\":0,\"iat\":1.7e9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "anna", "1-1-1-1-1", "00000000-0000-0000-0000-000000000000"})
  void a_subject_that_is_no_user_is_refused(String subject) throws Exception {
    assertRefused(signed(claims().subject(subject)), "sub");
  }

  @Test
  void a_token_without_subject_is_refused() throws Exception {
    assertRefused(signed(claims().subject(null)), "sub");
  }

  @Test
  void issuer_and_audience_are_checked_where_they_are_set() throws Exception {
    Authenticator strict =
        JwtAuthenticator.builder()
            .hs256(SECRET)
            .clock(() -> NOW)
            .issuer("me")
            .audience("realtime")
            .build();

    prove(strict, signed(claims().issuer("me").audience(List.of("other", "realtime"))));
    assertRefused(strict, signed(claims().issuer("you").audience("realtime")), "issuer");
    assertRefused(strict, signed(claims().audience("realtime")), "issuer");
    assertRefused(strict, signed(claims().issuer("me").audience("other")), "audience");
    assertRefused(strict, signed(claims().issuer("me")), "audience");
  }

  @Test
  void another_secret_does_not_sign() throws Exception {
    JWSSigner other = new MACSigner("another secret of at least 32 bytes");

    assertRefused(signed(JWSAlgorithm.HS256, other, claims()), "signature");
  }

  @Test
  void a_changed_claim_breaks_the_signature() throws Exception {
    String[] parts = signed(claims()).split("\\.");
    String forged = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String payload = encoded(forged.replace(USER, "22222222-2222-4222-8222-222222222222"));

    assertRefused(parts[0] + "." + payload + "." + parts[2], "signature");
  }

  @Test
  void a_cut_or_empty_signature_is_refused() throws Exception {
    String token = signed(claims());

    assertRefused(token.substring(0, token.length() - 4), "signature");
    assertRefused(token.substring(0, token.lastIndexOf('.') + 1), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
  void a_token_without_signature_is_refused_however_none_is_spelt(String none) throws Exception {
    String payload = encoded(claims().build().toString());

    assertRefused(encoded("{\"alg\":\"" + none + "\"}") + "." + payload + ".", "");
  }

  @Test
  void a_longer_hmac_with_the_right_secret_is_refused() throws Exception {
    String longSecret = SECRET + SECRET;
    Authenticator longer = JwtAuthenticator.builder().hs256(longSecret).clock(() -> NOW).build();

    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
      assertRefused(longer, signed(algorithm, new MACSigner(longSecret), claims()), "algorithm");
    }
  }

  @Test
  void a_token_signed_with_rsa_is_refused() throws Exception {
    KeyPair pair = rsa();

    assertRefused(
        signed(JWSAlgorithm.RS256, new RSASSASigner(pair.getPrivate()), claims()), "algorithm");
  }

  @Test
  void a_header_that_says_rsa_over_an_hmac_is_refused() throws Exception {
    String content = encoded("{\"alg\":\"RS256\"}") + "." + encoded(claims().build().toString());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));

    assertRefused(
        content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature),
        "algorithm");
  }

  @Test
  void an_unknown_critical_header_is_refused() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(java.util.Set.of("exp"))
                .build(),
            claims().build());
    jwt.sign(new MACSigner(SECRET));

    assertRefused(jwt.serialize(), "signature");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", "a.b.c", "..", "a.b.c.d.e", "{}", "\u0000", "💥.💥.💥"})
  void rubbish_is_refused(String token) {
    assertRefused(token, "");
  }

  @Test
  void deep_nesting_is_refused_or_harmless() throws Exception {
    String deep = "[".repeat(2500) + "]".repeat(2500);
    String token = encoded("{\"alg\":\"HS256\"}") + "." + encoded(deep) + ".AAAA";

    assertRefused(token, "");
    assertRefused(encoded("{\"alg\":" + deep + "}") + ".e30.AAAA", "");
  }

  @Test
  void a_token_that_is_too_long_is_not_looked_at() throws Exception {
    String token = signed(claims().claim("padding", "x".repeat(JwtAuthenticator.MAX_TOKEN_LENGTH)));

    assertRefused(token, "longer than 8192");
  }

  @Test
  void a_short_secret_is_refused_with_the_remedy() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> JwtAuthenticator.hs256("0123456789abcdef0123456789abcde"))
        .withMessageContaining("at least 32 bytes, not 31")
        .withMessageContaining("openssl rand");
  }

  @Test
  void a_builder_without_key_or_with_a_strange_skew_is_refused() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> JwtAuthenticator.builder().build())
        .withMessageContaining("hs256(secret)");
    for (Duration skew : List.of(Duration.ofSeconds(-1), Duration.ofHours(1))) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> JwtAuthenticator.builder().clockSkew(skew));
    }
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder().subject(USER).expirationTime(Date.from(EXPIRY));
  }

  private static String signed(JWTClaimsSet.Builder claims) throws JOSEException {
    return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), claims);
  }

  private static String signed(
      JWSAlgorithm algorithm, JWSSigner signer, JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims.build());
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static String signedByHand(String times) throws Exception {
    String content =
        encoded("{\"alg\":\"HS256\"}") + "." + encoded("{\"sub\":\"" + USER + "\"," + times + "}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }

  private static KeyPair rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Principal prove(Authenticator authenticator, String token) {
    return authenticator.authenticate(
        Handshake.of("/ws", Map.of(), InetAddress.getLoopbackAddress()).withToken(token));
  }

  private void assertRefused(String token, String why) {
    assertRefused(authenticator, token, why);
  }

  private static void assertRefused(Authenticator authenticator, String token, String why) {
    assertThatExceptionOfType(RealtimeException.class)
        .isThrownBy(() -> prove(authenticator, token))
        .matches(e -> e.code() == ErrorCode.UNAUTHORIZED, "is UNAUTHORIZED")
        .matches(e -> e.getCause() == null, "has no cause that could quote the token")
        .withMessageContaining(why)
        .satisfies(
            e -> {
              if (token.length() > 3) {
                assertThat(e.getMessage()).doesNotContain(token);
              }
            });
  }
}
