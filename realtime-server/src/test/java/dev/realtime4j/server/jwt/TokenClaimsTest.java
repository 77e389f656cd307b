package dev.realtime4j.server.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the claims of a token: whose it is, and what it allows. */
class TokenClaimsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String USER = "11111111-1111-4111-8111-111111111111";
  private static final UUID NAMESPACE = UUID.fromString("6f0c9a1e-6f0b-4a0f-9d5e-6a5b8f6f4c11");

  /** With {@code sub}, {@code exp} and these claims, in JSON. */
  private static String token(String sub, String claims) throws Exception {
    long expiry = Instant.now().getEpochSecond() + 600;
    String json = "{\"sub\":" + sub + ",\"exp\":" + expiry + claims + "}";
    JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(json));
    token.sign(new MACSigner(SECRET));
    return token.serialize();
  }

  private static String token(String claims) throws Exception {
    return token("\"" + USER + "\"", claims);
  }

  private static JwtAuthenticator.Builder builder() {
    return JwtAuthenticator.builder().hs256(SECRET);
  }

  private static Principal prove(Authenticator authenticator, String token) {
    return authenticator.authenticate(
        Handshake.of(
            "/ws", Map.of("Authorization", "Bearer " + token), InetAddress.getLoopbackAddress()));
  }

  private static void assertRefused(Authenticator authenticator, String token, String why) {
    assertThatExceptionOfType(RealtimeException.class)
        .isThrownBy(() -> prove(authenticator, token))
        .withMessageContaining(why)
        .matches(e -> e.code() == ErrorCode.UNAUTHORIZED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scope: 'a b'          | a b",
        "scope: ['a','b']      | a b",
        "scp: 'a'              | a",
        "scp: ['a',' b ']      | a b",
        "scope:'a', scp:['b']  | a b",
        "scope: null, scp: []  | ''",
        "scope: [''], scp: ' ' | ''",
        "permissions: ['a']    | ''",
      })
  void scopes_are_a_text_or_a_list_in_either_claim(String claims, String scopes) throws Exception {
    String json = claims.replaceAll("(\\w+) ?:", "\"$1\":").replace('\'', '"');

    assertThat(prove(builder().build(), token("," + json)).scopes())
        .isEqualTo(scopes.isEmpty() ? Set.of() : Set.of(scopes.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "{}", "[7]", "[null]", "[[\"a\"]]"})
  void scopes_of_another_kind_are_refused(String value) throws Exception {
    assertRefused(builder().build(), token(",\"scp\":" + value), "the token's scp is neither");
  }

  @Test
  void the_claims_of_scopes_can_be_named() throws Exception {
    Authenticator named = builder().scopeClaims("permissions", "roles").build();

    assertThat(
            prove(named, token(",\"permissions\":[\"a\"],\"roles\":\"b\",\"scope\":\"c\""))
                .scopes())
        .containsExactlyInAnyOrder("a", "b");
    assertThatThrownBy(() -> builder().scopeClaims())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scopeClaims");
    assertThatThrownBy(() -> builder().scopeClaims(" "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4711", "\"4711\""})
  void a_subject_that_is_a_number_becomes_a_user(String sub) throws Exception {
    Authenticator numbered =
        builder()
            .userId(claims -> UserId.named(NAMESPACE, String.valueOf(claims.get("sub"))))
            .build();

    assertThat(prove(numbered, token(sub, "")).userId())
        .isEqualTo(UserId.named(NAMESPACE, "4711"))
        .hasToString("28bb169e-98ba-5140-95e4-621b87f2b3ad");
    assertRefused(builder().build(), token(sub, ""), "sub is not the UUID");
  }

  @Test
  void claims_that_name_nobody_are_refused_without_a_quotation() throws Exception {
    String token = token(",\"account\":\"hush\"");
    assertRefused(builder().userId(claims -> null).build(), token, "name no user");
    assertThatThrownBy(
            () ->
                prove(
                    builder()
                        .userId(claims -> UserId.of(String.valueOf(claims.get("account"))))
                        .build(),
                    token))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED))
        .hasMessage("the token's claims name no user")
        .hasNoCause();
  }

  @Test
  void what_the_application_says_itself_goes_on() throws Exception {
    RealtimeException away = RealtimeException.unavailable("no accounts now", null);
    Authenticator failing =
        builder()
            .userId(
                claims -> {
                  throw away;
                })
            .build();
    String token = token("");

    assertThatThrownBy(() -> prove(failing, token)).isSameAs(away);
  }

  @Test
  void the_claims_cannot_be_changed() throws Exception {
    Authenticator meddling =
        builder()
            .userId(
                claims -> {
                  claims.put("scope", "realtime:admin");
                  return UserId.of(USER);
                })
            .build();
    String token = token("");

    assertThatThrownBy(() -> prove(meddling, token))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
