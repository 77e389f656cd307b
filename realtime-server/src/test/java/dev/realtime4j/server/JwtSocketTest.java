package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.jwt.KeyServer;
import dev.realtime4j.server.jwt.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** JSON Web Tokens from the socket to the end of their time, and nowhere in the log. */
final class JwtSocketTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_SECRET = "fedcba9876543210fedcba9876543210";

  private final UserId user = TestUsers.some();
  private final CapturedLog log = CapturedLog.openAtTrace();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @AfterEach
  void stop() {
    server.close();
    log.close();
  }

  private void start(Authenticator authenticator) {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(authenticator)
            .handler("echo", MethodCall::params)
            .tokenGrace(Duration.ofSeconds(2))
            .build()
            .start();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject(user.toString())
        .issuer("https://login.example")
        .audience("realtime")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String signed(JWTClaimsSet.Builder claims, String secret) throws Exception {
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    jwt.sign(new MACSigner(secret));
    return jwt.serialize();
  }

  private static Authenticator strict() {
    return JwtAuthenticator.builder()
        .hs256(SECRET)
        .issuer("https://login.example")
        .audience("realtime")
        .build();
  }

  /** Tokens that must not pass, by what is wrong with them. */
  private Map<String, String> bad() throws Exception {
    Date past = Date.from(Instant.now().minusSeconds(1));
    Date future = Date.from(Instant.now().plusSeconds(60));
    return Map.of(
        "no signature", new PlainJWT(new PlainHeader(), claims().build()).serialize(),
        "another secret", signed(claims(), OTHER_SECRET),
        "expired", signed(claims().expirationTime(past), SECRET),
        "no exp", signed(claims().expirationTime(null), SECRET),
        "of the future", signed(claims().notBeforeTime(future), SECRET),
        "no user", signed(claims().subject("anna"), SECRET),
        "another issuer", signed(claims().issuer("https://evil.example"), SECRET),
        "another audience", signed(claims().audience("shop"), SECRET),
        "too long", signed(claims().claim("padding", "x".repeat(8192)), SECRET),
        "cut", signed(claims(), SECRET).replaceAll(".{5}$", ""));
  }

  @Test
  void every_bad_token_is_401_before_any_websocket_and_stays_out_of_the_log() throws Exception {
    start(strict());
    for (Map.Entry<String, String> entry : bad().entrySet()) {
      for (String[] request : places(entry.getValue())) {
        try (RawHandshake raw = RawHandshake.begin(server, request[0], request[1])) {
          assertThat(raw.answer())
              .as(entry.getKey())
              .startsWith("HTTP/1.1 401 ")
              .contains("WWW-Authenticate: Bearer", "RT_UNAUTHORIZED")
              .doesNotContain(entry.getValue());
        }
      }
    }
    assertUnlogged(bad().values());
  }

  private static List<String[]> places(String token) {
    return List.of(
        new String[] {"/ws?token=" + token, "X-Nothing: 1"},
        new String[] {"/ws", "Authorization: Bearer " + token},
        new String[] {"/ws", "Sec-WebSocket-Protocol: realtime.v1, bearer." + token});
  }

  @Test
  void a_good_token_lives_is_refreshed_and_ends_without_a_trace_in_the_log() throws Exception {
    start(strict());
    Date soon = Date.from(Instant.now().plusSeconds(5));
    String first = signed(claims().expirationTime(soon), SECRET);
    String lost = signed(claims().expirationTime(soon).jwtID("lost"), SECRET);
    String renewed = signed(claims(), SECRET);
    String foreign = signed(claims().subject(TestUsers.some().toString()), SECRET);
    String forged = signed(claims(), OTHER_SECRET);
    List<String> used = new ArrayList<>(List.of(first, lost, renewed, foreign, forged));
    used.addAll(bad().values());
    try (WireClient kept = WireClient.openWithToken(server, first);
        WireClient ends = WireClient.openWithProtocols(server, "realtime.v1", "bearer." + lost)) {
      Json connected = kept.event("connected");
      assertThat(WireClient.text(connected, "token_expires_at")).endsWith("Z");
      assertThat(kept.event("token_expired").text()).isEqualTo("{\"grace_ms\":2000}");

      assertThat(kept.error("auth.refresh", Json.object("token", foreign)))
          .isEqualTo("RT_FORBIDDEN");
      for (String token : bad().values()) {
        assertThat(kept.error("auth.refresh", Json.object("token", token)))
            .isEqualTo("RT_UNAUTHORIZED");
      }
      assertThat(kept.error("auth.refresh", Json.object("token", forged)))
          .isEqualTo("RT_UNAUTHORIZED");
      kept.call("auth.refresh", Json.object("token", renewed));

      assertThat(ends.closeCode()).isEqualTo(4401);
      kept.call("echo", Json.EMPTY);
    }
    server.close();
    assertUnlogged(used);
  }

  @Test
  void an_authenticator_that_fails_with_the_token_in_its_message_is_logged_without_it()
      throws Exception {
    Authenticator good = strict();
    start(
        handshake -> {
          String token = handshake.token().orElse("");
          if (token.startsWith("boom")) {
            throw new IllegalStateException(token, new IllegalArgumentException("cause " + token));
          }
          return good.authenticate(handshake);
        });
    String token = signed(claims(), SECRET);
    try (RawHandshake raw = RawHandshake.begin(server, "/ws?token=boom-handshake")) {
      assertThat(raw.answer()).startsWith("HTTP/1.1 503 ").doesNotContain("boom-");
    }
    try (WireClient client = WireClient.openWithToken(server, token)) {
      client.event("connected");
      assertThat(client.error("auth.refresh", Json.object("token", "boom-refresh")))
          .isEqualTo("RT_UNAVAILABLE");
    }
    assertThat(overHttp("boom-http")).isEqualTo(503);
    assertThat(overHttp(token)).isEqualTo(200);

    assertThat(log.everything()).anyMatch(line -> line.contains("IllegalArgumentException"));
    assertUnlogged(List.of("boom-handshake", "boom-refresh", "boom-http", token));
  }

  private String status(String token) throws IOException {
    try (RawHandshake handshake = RawHandshake.begin(server, "/ws?token=" + token)) {
      return handshake.readHead().statusLine();
    }
  }

  @Test
  void a_public_key_takes_its_own_tokens_and_is_no_secret_for_others() throws Exception {
    KeyPair keys = Tokens.rsa(2048);
    String pem = Tokens.pem(keys.getPublic());
    start(JwtAuthenticator.builder().publicKey(pem).build());
    String good = Tokens.signed(JWSAlgorithm.RS256, keys, null);
    String foreign = Tokens.signed(JWSAlgorithm.RS256, Tokens.rsa(2048), null);
    String confused =
        Tokens.signed(
            JWSAlgorithm.HS256, new MACSigner(pem.getBytes(StandardCharsets.UTF_8)), null);

    assertThat(status(good)).contains(" 101 ");
    assertThat(status(foreign)).contains(" 401 ");
    assertThat(status(confused)).contains(" 401 ");
    assertUnlogged(List.of(good, foreign, confused));
  }

  @Test
  void a_rotated_key_opens_at_once_and_an_issuer_that_is_away_is_503() throws Exception {
    KeyPair old = Tokens.rsa(2048);
    KeyPair next = Tokens.rsa(2048);
    try (KeyServer issuer = KeyServer.start()) {
      issuer.fail();
      start(JwtAuthenticator.jwks(issuer.url()));
      assertThat(status(Tokens.signed(JWSAlgorithm.RS256, old, "old"))).contains(" 503 ");

      issuer.publish(KeyServer.jwk("old", old), KeyServer.jwk("next", next));

      assertThat(status(Tokens.signed(JWSAlgorithm.RS256, old, "old"))).contains(" 101 ");
      assertThat(status(Tokens.signed(JWSAlgorithm.RS256, next, "next"))).contains(" 101 ");
      assertThat(status(Tokens.signed(JWSAlgorithm.RS256, next, "old"))).contains(" 401 ");
    }
  }

  private int overHttp(String token) throws IOException, InterruptedException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      RealtimeHttp.of(server).mount(http);
      http.start();
      URI uri =
          URI.create(
              "http://localhost:"
                  + http.getAddress().getPort()
                  + "/api/v1/realtime/notifications/unread-count");
      HttpRequest request =
          HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } finally {
      http.stop(0);
    }
  }

  /** Neither whole nor by its claims or its signature. */
  private void assertUnlogged(Iterable<String> tokens) {
    String everything = String.join("\n", log.everything());
    assertThat(everything).contains("serves on port").doesNotContain(SECRET);
    for (String token : tokens) {
      for (String part : token.split("\\.")) {
        if (part.length() > 20 || part.startsWith("boom")) {
          assertThat(everything.contains(part)).as(part + " is logged").isFalse();
        }
      }
    }
  }
}
