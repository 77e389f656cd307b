package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.Tokens.outcome;
import static dev.realtime4j.server.jwt.Tokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Key sets with entries that are no keys for us: one of them must not refuse everybody's token. */
final class JwksEntriesTest {
  private static final KeyPair RSA = Tokens.rsa(2048);
  private static final KeyPair OTHER = Tokens.rsa(2048);
  private static final KeyPair EC = Tokens.ec("secp256r1");
  private static final String SECRET = Base64URL.encode(new byte[32]).toString();

  private final KeyServer issuer = KeyServer.start();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.list = Collections.synchronizedList(log.list);
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(log);
    issuer.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(FetchedKeySet.class);
  }

  /** What stands in a set, and what is told about it. */
  static Stream<Map.Entry<String, String>> skipped() {
    String good = json("x", RSA);
    String unknown = "its kty is another";
    String malformed = "it is malformed";
    String other = "it is for something else";
    String unfit = "its RSA key is shorter than 2048 bits, or its curve another than P-256";
    return Stream.of(
        Map.entry("{\"kty\":\"AKP\",\"kid\":\"x\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}", unknown),
        Map.entry("{\"kty\":\"\",\"kid\":\"x\"}", unknown),
        Map.entry(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"x\",\"use\":\"sig\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
            unknown),
        Map.entry("{\"kty\":\"OKP\",\"crv\":\"Ed9999\",\"kid\":\"x\",\"x\":\"AA\"}", unknown),
        Map.entry("{\"kty\":\"oct\",\"kid\":\"x\",\"k\":\"" + SECRET + "\"}", "it is a secret"),
        Map.entry("{\"kty\":\"oct\",\"kid\":\"x\"}", "it is a secret"),
        Map.entry("{\"kid\":\"x\"}", malformed),
        Map.entry("{\"kty\":null,\"kid\":\"x\"}", malformed),
        Map.entry("{\"kty\":7,\"kid\":\"x\"}", malformed),
        Map.entry("{\"kty\":\"RSA\",\"kid\":\"x\"}", malformed),
        Map.entry("{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":\"\",\"e\":\"\"}", malformed),
        Map.entry("{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":1e400,\"e\":\"AQAB\"}", malformed),
        Map.entry("{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":{\"a\":[]},\"e\":\"AQAB\"}", malformed),
        Map.entry(with(good, "\"e\":\"AQAB\"", "\"e\":\"AQ\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"use\":\"enc\",\"kty\""), other),
        Map.entry(with(good, "\"kty\"", "\"use\":\"tls\",\"kty\""), other),
        Map.entry(with(good, "\"kty\"", "\"use\":5,\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"key_ops\":[\"encrypt\"],\"kty\""), other),
        Map.entry(with(good, "\"kty\"", "\"key_ops\":[],\"kty\""), other),
        Map.entry(with(good, "\"kty\"", "\"key_ops\":[\"juggle\"],\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"key_ops\":[null],\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"alg\":\"RS999\",\"kty\""), "its alg is another"),
        Map.entry(with(good, "\"kty\"", "\"alg\":\"RSA-OAEP\",\"kty\""), "its alg is another"),
        Map.entry(with(good, "\"kty\"", "\"alg\":\"HS256\",\"kty\""), "its alg is another"),
        Map.entry(with(good, "\"kty\"", "\"alg\":\"ES256\",\"kty\""), "its alg is another"),
        Map.entry(with(good, "\"kty\"", "\"alg\":[\"RS256\"],\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"x5c\":[\"rubbish\"],\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"x5c\":\"rubbish\",\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"x5c\":[7],\"kty\""), malformed),
        Map.entry(with(good, "\"kty\"", "\"x5u\":\"%%\",\"kty\""), malformed),
        Map.entry(json("x", Tokens.rsa(1024)), unfit),
        Map.entry(
            "{\"kty\":\"EC\",\"kid\":\"x\",\"crv\":\"P-999\",\"x\":\"AA\",\"y\":\"AA\"}", unfit),
        Map.entry(
            "{\"kty\":\"EC\",\"kid\":\"x\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
            unfit),
        Map.entry(
            "{\"kty\":\"EC\",\"kid\":\"x\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
            malformed),
        Map.entry("{\"kty\":\"EC\",\"kid\":\"x\",\"crv\":\"P-256\",\"x\":\"AQ\"}", malformed),
        Map.entry("{\"kty\":\"EC\",\"kid\":\"x\"}", malformed));
  }

  @ParameterizedTest
  @MethodSource("skipped")
  void an_entry_that_is_no_key_for_us_is_left_out_and_told_once(Map.Entry<String, String> entry) {
    issuer.answer(set(entry.getKey(), json("r", OTHER), json("e", EC)));
    JwtAuthenticator authenticator = normal();

    for (int i = 0; i < 5; i++) {
      assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OTHER, "r")))
          .isEqualTo("accepted");
      assertThat(outcome(authenticator, signed(JWSAlgorithm.ES256, EC, "e"))).isEqualTo("accepted");
      assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, "x")))
          .isNotEqualTo("accepted");
    }
    assertThat(lines()).singleElement().asString().contains("kid x (" + entry.getValue());
  }

  @Test
  void what_is_left_out_is_told_again_only_when_it_changes() {
    JwtAuthenticator authenticator = restless();
    String token = signed(JWSAlgorithm.RS256, OTHER, "r");
    issuer.answer(set("{}", "{\"kty\":\"OKP\",\"kid\":\"o\"}", json("r", OTHER)));
    await().until(() -> outcome(authenticator, token).equals("accepted") && issuer.fetches() > 4);
    assertThat(lines()).hasSize(1);

    issuer.answer(set("{}", json("r", OTHER)));
    await().until(() -> outcome(authenticator, token).equals("accepted") && lines().size() == 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "\"key\"", "[]", "true", "{}"})
  void an_entry_without_anything_is_left_out(String entry) {
    issuer.answer(set(entry, json("r", RSA)));

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, RSA, "r"))).isEqualTo("accepted");
    assertThat(lines()).singleElement().asString().contains("a key without kid (it is malformed)");
  }

  @Test
  void a_secret_in_the_set_signs_nothing() throws Exception {
    issuer.answer(set("{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + SECRET + "\"}", json("r", RSA)));
    String forged = signed(JWSAlgorithm.HS256, new MACSigner(new byte[32]), "s");

    assertThat(outcome(normal(), forged)).startsWith("UNAUTHORIZED");
  }

  @Test
  void of_several_keys_with_one_id_each_is_tried() {
    issuer.answer(
        set(
            "{\"kty\":\"RSA\",\"kid\":\"same\"}",
            json("same", OTHER),
            json("same", RSA),
            json("same", EC)));
    JwtAuthenticator authenticator = normal();

    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, "same")))
        .isEqualTo("accepted");
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OTHER, "same")))
        .isEqualTo("accepted");
    assertThat(outcome(authenticator, signed(JWSAlgorithm.ES256, EC, "same")))
        .isEqualTo("accepted");
  }

  @Test
  void a_key_without_id_is_for_tokens_without_id() {
    issuer.answer(set(json("r", OTHER), json(null, RSA)));
    JwtAuthenticator authenticator = normal();

    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, null))).isEqualTo("accepted");
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, OTHER, "r")))
        .isEqualTo("accepted");
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, "r")))
        .startsWith("UNAUTHORIZED");
  }

  @Test
  void private_parts_that_an_issuer_publishes_by_mistake_are_not_looked_at() {
    issuer.answer(
        set(
            new RSAKey.Builder((RSAPublicKey) RSA.getPublic())
                .privateKey(RSA.getPrivate())
                .keyID("r")
                .build()
                .toString()));

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, RSA, "r"))).isEqualTo("accepted");
  }

  @Test
  void a_huge_set_costs_a_token_without_id_a_few_keys_only() {
    issuer.answer(
        set(
            Stream.concat(
                    Collections.nCopies(300, json(null, OTHER)).stream(),
                    Stream.of(json("r", RSA), json(null, RSA)))
                .toArray(String[]::new)));
    JwtAuthenticator authenticator = normal();

    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, "r"))).isEqualTo("accepted");
    assertThat(outcome(authenticator, signed(JWSAlgorithm.RS256, RSA, null)))
        .startsWith("UNAUTHORIZED");
  }

  @Test
  void a_set_above_256_kib_is_none() {
    issuer.answer(set(json("r", RSA), "\"" + "x".repeat(256 * 1024) + "\""));

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, RSA, "r"))).startsWith("UNAVAILABLE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>login</html>",
        "[]",
        "null",
        "{}",
        "{\"keys\":null}",
        "{\"keys\":{}}",
        "{\"keys\":\"\"}",
        "{\"keys\":[}",
      })
  void what_is_no_set_is_unavailable(String answer) {
    issuer.answer(answer);

    assertThat(outcome(normal(), signed(JWSAlgorithm.RS256, RSA, "r"))).startsWith("UNAVAILABLE");
    assertThat(lines()).isEmpty();
  }

  @Test
  void a_set_without_a_usable_key_says_so_until_it_has_one() {
    JwtAuthenticator authenticator = restless();
    String token = signed(JWSAlgorithm.RS256, RSA, "r");
    String none = "UNAVAILABLE: the issuer publishes no key to check tokens with; try again";
    issuer.answer(set());
    await().until(() -> outcome(authenticator, token).equals(none));
    issuer.answer(set("{\"kty\":\"OKP\",\"kid\":\"o\"}"));
    await().until(() -> outcome(authenticator, token).equals(none) && lines().size() == 2);
    issuer.answer(set(json("r", RSA)));
    await().until(() -> outcome(authenticator, token).equals("accepted"));

    assertThat(lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("holds no key to check tokens with"),
            line -> assertThat(line).contains("kid o (its kty is another"),
            line -> assertThat(line).contains("holds keys to check tokens with again"));
  }

  @Test
  void everyday_entries_are_no_warning_and_ids_cannot_forge_a_line() {
    issuer.answer(
        set(
            json("r", RSA),
            with(json("enc", OTHER), "\"kty\"", "\"use\":\"enc\",\"kty\""),
            "{\"kty\":\"OKP\",\"kid\":\"a\\nWARN b\\u2028" + "y".repeat(1000) + "\"}"));

    outcome(normal(), signed(JWSAlgorithm.RS256, RSA, "r"));

    assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
    assertThat(lines().get(0)).contains("kid enc", "kid a?WARN?b?yyy").hasSizeLessThan(500);
  }

  private JwtAuthenticator normal() {
    return JwtAuthenticator.jwks(issuer.url());
  }

  /** Fetches the set again and again. */
  private JwtAuthenticator restless() {
    JwksTimes times =
        new JwksTimes(
            Duration.ofMillis(50),
            Duration.ZERO,
            Duration.ofMillis(50),
            Duration.ofMillis(1),
            Duration.ofMillis(1));
    return JwtAuthenticator.builder().jwks(issuer.url()).build(times);
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static String set(String... entries) {
    return "{\"keys\":[" + String.join(",", entries) + "]}";
  }

  private static String json(@Nullable String id, KeyPair keys) {
    return KeyServer.jwk(id, keys).toJSONString();
  }

  private static String with(String json, String old, String replacement) {
    assertThat(json).contains(old);
    return json.replace(old, replacement);
  }
}
