package dev.realtime4j.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static Handshake of(String target, Map<String, String> headers) {
    return Handshake.of(target, headers, HERE);
  }

  @Test
  void the_token_is_found_in_each_of_its_places_in_order() {
    Map<String, String> protocol = Map.of("Sec-WebSocket-Protocol", "realtime.v1, bearer.p");
    assertThat(of("/ws?token=q", Map.of("AUTHORIZATION", "bearer a")).token()).contains("a");
    assertThat(of("/ws?token=q", protocol).token()).contains("p");
    assertThat(of("/ws?a=1&token=q%2E1&token=second", Map.of()).token()).contains("q.1");
    assertThat(of("/ws", protocol).protocols()).containsExactly("realtime.v1");
  }

  @Test
  void what_is_not_a_token_is_none() {
    assertThat(of("/ws", Map.of()).token()).isEmpty();
    assertThat(of("/ws?token=", Map.of()).token()).isEmpty();
    assertThat(of("/ws?token=%zz", Map.of()).token()).isEmpty();
    assertThat(of("/ws", Map.of("authorization", "Basic abc")).token()).isEmpty();
    assertThat(of("/ws", Map.of("authorization", "BearerX abc")).token()).isEmpty();
    assertThat(of("/ws", Map.of("authorization", "bearer.abc")).token()).isEmpty();
    assertThat(of("/ws", Map.of("authorization", "Bearer ")).token()).isEmpty();
    assertThat(of("/ws", Map.of("authorization", "Bearer")).token()).isEmpty();
    assertThat(of("/ws", Map.of("sec-websocket-protocol", "bearer.")).token()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "Basic dXNlcjpwYXNz",
        "Digest username=\"a\", realm=\"b\"",
        "Negotiate YII=",
        "Token x",
        "Bearer",
        "Bearer ",
        "bearer  ,",
        "BearerX x",
      })
  void an_authorization_that_is_no_bearer_token_hides_no_other_place(String authorization) {
    Map<String, String> protocol =
        Map.of("Authorization", authorization, "Sec-WebSocket-Protocol", "bearer., bearer.p");

    assertThat(of("/ws?token=q", Map.of("Authorization", authorization)).token()).contains("q");
    assertThat(of("/ws?token=q", protocol).token()).contains("p");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer a",
        "bEaReR  a ",
        "Basic dXNlcjpwYXNz, Bearer a",
        "Bearer a, Basic dXNlcjpwYXNz",
        ", Bearer a",
        "Bearer , Bearer a",
        "Bearer a, Bearer b",
      })
  void of_several_authorizations_the_first_bearer_token_counts(String authorization) {
    Map<String, String> headers =
        Map.of("Authorization", authorization, "Sec-WebSocket-Protocol", "bearer.p");

    assertThat(of("/ws?token=q", headers).token()).contains("a");
  }

  @Test
  void odd_queries_lose_only_what_is_odd() {
    Handshake handshake = of("/ws?&=x&a&b=&c=%E2%82%AC+1&d=%&since=c1?x", Map.of());
    assertThat(handshake.path()).isEqualTo("/ws");
    assertThat(handshake.query("a")).isEmpty();
    assertThat(handshake.query("b")).contains("");
    assertThat(handshake.query("c")).contains("€ 1");
    assertThat(handshake.query("d")).isEmpty();
    assertThat(handshake.query("since")).contains("c1?x");
  }

  @Test
  void it_shows_no_token() {
    Handshake handshake =
        of("/ws?token=geheim", Map.of("Authorization", "Bearer privat")).withToken("neu");
    assertThat(handshake.token()).contains("neu");
    assertThat(handshake.toString()).contains("/ws").doesNotContain("geheim", "privat", "neu");
  }
}
