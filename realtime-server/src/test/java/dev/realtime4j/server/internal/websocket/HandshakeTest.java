package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.transport.HandshakeHandler.Accepted;
import dev.realtime4j.api.transport.HandshakeHandler.Refused;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_socket_opens_and_echoes() {
    try (RawClient client = RawClient.connect(server.port())) {
      client.send(RawClient.REQUEST);
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .contains("Upgrade: websocket\r\n")
          .contains("Connection: Upgrade\r\n")
          .doesNotContain("Server:", "Sec-WebSocket-Protocol", "Extensions");
      assertThat(client.text("hello").read()).isEqualTo("text hello");
    }
  }

  @Test
  void the_acceptor_sees_what_was_sent() {
    String request =
        RawClient.REQUEST
            .replace("/ws", "/ws?token=a%20b&since=7")
            .replace("Host:", "X-One: 1\r\nx-one: 2\r\nHost:");
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101");
    }
    assertThat(server.handshakes).hasSize(1);
    assertThat(server.handshakes.get(0).path()).isEqualTo("/ws");
    assertThat(server.handshakes.get(0).query("token")).contains("a b");
    assertThat(server.handshakes.get(0).header("X-One")).contains("1, 2");
    assertThat(server.handshakes.get(0).remoteAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void the_decided_sub_protocol_is_answered() {
    server.decide =
        handshake ->
            CompletableFuture.completedFuture(new Accepted("realtime.v1", server::newSession));
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("realtime.v1", "bearer.secret")
            .buildAsync(uri(), new WebSocket.Listener() {})
            .join();
    assertThat(socket.getSubprotocol()).isEqualTo("realtime.v1");
    assertThat(server.handshakes.get(0).protocols()).containsExactly("realtime.v1");
    socket.abort();
  }

  @Test
  void compression_is_never_agreed_on_and_a_hostile_connection_header_not_echoed() {
    String request =
        RawClient.REQUEST
            .replace("Host:", "Sec-WebSocket-Extensions: permessage-deflate\r\nHost:")
            .replace("Connection: Upgrade", "Connection: keep-alive, upgrade, x-evil");
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101")
          .doesNotContain("deflate", "x-evil", "keep-alive");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED, 'WWW-Authenticate: Bearer'",
    "403, FORBIDDEN,    'HTTP/1.1 403 Forbidden'",
    "429, RATE_LIMITED, 'Retry-After: 3'",
    "503, UNAVAILABLE,  'Retry-After: 3'",
    "418, INTERNAL,     'HTTP/1.1 418 Refused'",
  })
  void a_refusal_is_an_http_answer(int status, ErrorCode code, String header) {
    @Nullable Duration retryAfter = status == 429 || status == 503 ? Duration.ofMillis(2100) : null;
    server.decide =
        handshake ->
            CompletableFuture.completedFuture(
                new Refused(status, code, "no \"entry\"\r\n", retryAfter));
    try (RawClient client = RawClient.connect(server.port()).send(RawClient.REQUEST)) {
      String head = client.readHead();
      String body = client.readAll();
      assertThat(head)
          .startsWith("HTTP/1.1 " + status + " ")
          .contains(header + "\r\n", "Connection: close\r\n")
          .contains("Content-Type: application/problem+json\r\n")
          .contains("Content-Length: " + body.length() + "\r\n");
      assertThat(Json.parse(body).fields())
          .containsEntry("type", Json.of("about:blank"))
          .containsEntry("status", Json.of(status))
          .containsEntry("code", Json.of(code.wire()))
          .containsEntry("detail", Json.of("no \"entry\"\r\n"))
          .containsKey("title");
    }
  }

  @Test
  void the_jdk_client_sees_the_status_of_a_refusal() {
    server.decide =
        handshake ->
            CompletableFuture.completedFuture(
                new Refused(401, ErrorCode.UNAUTHORIZED, "no token", null));
    CompletableFuture<WebSocket> opening =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(uri(), new WebSocket.Listener() {});
    assertThatThrownBy(opening::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
  }

  @ParameterizedTest
  @CsvSource({
    "GET /ws ,                      POST /ws ,                       405",
    "GET /ws ,                      GET /other ,                     404",
    "GET /ws ,                      GET /ws/ ,                       404",
    "GET /ws ,                      GET  /ws ,                       400",
    "GET /ws ,                      GET ws ,                         400",
    "GET /ws ,                      GET * ,                          400",
    "GET /ws ,                      OPTIONS * ,                      405",
    "GET /ws ,                      CONNECT localhost:80 ,           400",
    "GET /ws ,                      GET ftp://localhost/ws ,         400",
    "GET /ws ,                      GET http:///ws ,                 400",
    "GET /ws ,                      GET http://me@localhost/ws ,     400",
    "GET /ws ,                      GET http://localhost/other ,     404",
    "GET /ws ,                      GET http://localhost ,           404",
    "GET /ws ,                      GET http://localhost?token=a ,   404",
    "GET /ws ,                      GET /ws#here ,                   400",
    "GET /ws ,                      GET /ws?token=a#b ,              400",
    "GET /ws ,                      GET /%77s ,                      404",
    "HTTP/1.1,                      HTTP/1.0,                        400",
    "HTTP/1.1,                      http/1.1,                        400",
    "Host: localhost,               'Host: localhost\r\nHost: other', 400",
    "Host: localhost,               'Host: localhost\r\nhost: localhost', 400",
    "Host: localhost,               'Host:',                         400",
    "Host: localhost,               'Host: a,b',                     400",
    "Host: localhost,               'Host: me@localhost',            400",
    "Host: localhost,               'Host: localhost/ws',            400",
    "Host: localhost,               'Host: localhost\r\nX: folded\r\n line', 400",
    "Host: localhost,               'Host: localhost\r\nOrigin: http://a\r\nOrigin: http://b', 400",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13', 400",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 400",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\nContent-Length: 0', 400",
    "Upgrade: websocket,            Upgrade: h2c,                    400",
    "Connection: Upgrade,           Connection: close,               400",
    "Host: localhost,               X-Host: localhost,               400",
    "Host: localhost,               'Host : localhost',              400",
    "Host: localhost,               ' Host: localhost',              400",
    "Host: localhost,               Host,                            400",
    "Sec-WebSocket-Version: 13,     Sec-WebSocket-Version: 8,        426",
    "Sec-WebSocket-Version: 13,     X: 1,                            426",
    "dGhlIHNhbXBsZSBub25jZQ==,      short,                           400",
    "dGhlIHNhbXBsZSBub25jZQ==,      '',                              400",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13\r\nContent-Length: 5', 400",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13\r\nTransfer-Encoding: chunked', 400",
    "Host: localhost,               'Host: local\nhost',             400",
    "Host: localhost,               'Host: local\rhost',             400",
    "Host: localhost,               'Host: local\u0000host',         400",
    "Host: localhost,               'Host: localhost:+80',           400",
    "Host: localhost,               'Host: localhost:8o80',          400",
    "Host: localhost,               'Host: localhost:65536',         400",
    "Host: localhost,               'Host: localhost:80:80',         400",
    "Host: localhost,               'Host: localhost:8\u00b2',       400",
    "Host: localhost,               'Host: local host',              400",
    "Host: localhost,               'Host: [::1',                    400",
    "Host: localhost,               'Host: [localhost]',             400",
    "Host: localhost,               'Host: [::1]80',                 400",
    "Host: localhost,               'Host: ::1',                     400",
    "GET /ws ,                      GET http://localhost:+80/ws ,    400",
    "GET /ws ,                      GET http://localhost:80:80/ws ,  400",
    "GET /ws ,                      GET http://[::1/ws ,             400",
    "Host: localhost,               'Host: localhost\r\nContent-Length:', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: +0', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: +5', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: -0', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: 0x0', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: 0, 0', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length : 0', 400",
    "Host: localhost,               'Host: localhost\r\nTransfer-Encoding:', 400",
    "Host: localhost,               'Host: localhost\r\nTransfer-Encoding: identity', 400",
    "Host: localhost,               'Host: localhost\r\nContent-Length: 0\r\nTransfer-Encoding: chunked', 400",
    "Sec-WebSocket-Version: 13,     Sec-WebSocket-Version: +13,      426",
    "Sec-WebSocket-Version: 13,     'Sec-WebSocket-Version: 13, 13', 426",
    "dGhlIHNhbXBsZSBub25jZQ==,      dGhlIHNhbXBsZSBub25jZQ,          400",
  })
  void what_is_no_websocket_request_is_refused(String part, String instead, int status) {
    String request = RawClient.REQUEST.replace(part, instead);
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(Json.parse(client.readAll()).fields()).containsEntry("status", Json.of(status));
    }
    assertThat(server.handshakes).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\n\r", "\r\r\n"})
  void lines_that_end_in_another_way_are_refused_at_once_and_not_at_the_deadline(String end) {
    String request = RawClient.REQUEST.replace("\r\n", end);
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
    assertThat(server.handshakes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/ws,                    localhost",
    "HTTP://example.org:8080/ws?since=7,     example.org:8080",
    "ws://my_app:3000/ws,                    my_app:3000",
    "wss://[::1]:443/ws,                     [::1]:443",
  })
  void a_request_as_proxies_are_asked_is_one_for_its_path_and_host(String target, String host) {
    String request = RawClient.REQUEST.replace("/ws", target).replace("localhost\r", "elsewhere\r");
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101");
      assertThat(client.text("hello").read()).isEqualTo("text hello");
    }
    assertThat(server.handshakes.get(0).path()).isEqualTo("/ws");
    assertThat(server.handshakes.get(0).header("host")).contains(host);
    assertThat(server.handshakes.get(0).query("since").isPresent())
        .isEqualTo(target.endsWith("since=7"));
  }

  @Test
  void empty_lines_before_the_request_are_ignored_whatever_the_pieces() {
    try (RawClient client = RawClient.connect(server.port())) {
      client.send("\r").send("\n\r").send("\n" + RawClient.REQUEST);
      assertThat(client.readHead()).startsWith("HTTP/1.1 101");
      assertThat(client.text("hello").read()).isEqualTo("text hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\r\n", "\r", "\r\n\n", " \r\n"})
  void what_is_no_empty_line_before_the_request_is_refused(String start) {
    try (RawClient client = RawClient.connect(server.port()).send(start + RawClient.REQUEST)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void empty_lines_for_ever_are_refused() {
    String many = "\r\n".repeat(9);
    try (RawClient client = RawClient.connect(server.port()).send(many + RawClient.REQUEST)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Upgrade: websocket, UPGRADE: WebSocket",
    "Upgrade: websocket, 'Upgrade: h2c, WEBSOCKET'",
    "Upgrade: websocket, 'Upgrade: h2c\r\nUpgrade: websocket'",
    "Connection: Upgrade, 'connection: keep-alive, UPGRADE'",
    "Connection: Upgrade, 'Connection: keep-alive\r\nConnection: upgrade'",
    "Host: localhost, 'Host:my_app:8080'",
    "Host: localhost, 'Host: [::1]:8080\t'",
    "Host: localhost, 'Host: [fe80::1%25eth0]:8080'",
    "Host: localhost, 'Host: localhost:'",
    "Host: localhost, 'Host: localhost:65535'",
    "Host: localhost, 'Host: localhost\r\nContent-Length: 0'",
  })
  void what_may_be_written_in_several_ways_is_understood_in_all(String part, String instead) {
    String request = RawClient.REQUEST.replace(part, instead);
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }
  }

  @Test
  void a_head_request_is_answered_without_a_body() {
    String request = RawClient.REQUEST.replace("GET", "HEAD");
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 405 ").contains("Allow: GET");
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void a_wrong_version_is_told_the_right_one() {
    String request = RawClient.REQUEST.replace("Version: 13", "Version: 8");
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).contains("Sec-WebSocket-Version: 13\r\n");
    }
  }

  @Test
  void a_tls_client_is_refused_at_its_first_bytes() {
    try (RawClient client = RawClient.connect(server.port()).send((byte) 0x16, (byte) 0x03)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TestServer.MAX_HANDSHAKE, 300_000})
  void a_head_that_is_too_large_is_refused_and_the_answer_can_be_read(int size) {
    String start = "GET /ws HTTP/1.1\r\nX-Big: ";
    try (RawClient client = RawClient.connect(server.port())) {
      client.send(start + "x".repeat(size - start.length()));
      assertThat(client.readHead()).startsWith("HTTP/1.1 431 ");
      assertThat(client.readAll()).contains("RT_LIMIT_EXCEEDED");
    }
  }

  @Test
  void a_head_of_just_the_largest_size_is_accepted() {
    String filler = "X-Big: \r\n";
    int missing = TestServer.MAX_HANDSHAKE - RawClient.REQUEST.length() - filler.length();
    String request =
        RawClient.REQUEST.replace("Host:", "X-Big: " + "x".repeat(missing) + "\r\nHost:");
    assertThat(request).hasSize(TestServer.MAX_HANDSHAKE);
    try (RawClient client = RawClient.connect(server.port()).send(request)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
    }
  }

  @Test
  void a_request_may_come_byte_by_byte() {
    try (RawClient client = RawClient.connect(server.port())) {
      for (byte b : RawClient.REQUEST.getBytes()) {
        client.send(b);
      }
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.text("hello").read()).isEqualTo("text hello");
    }
  }

  @Test
  void frames_that_come_with_the_handshake_are_not_lost() {
    byte[] frames =
        RawClient.join(
            RawClient.REQUEST.getBytes(),
            RawClient.frame(0x81, (byte) 'a'),
            RawClient.frame(0x89, (byte) 'p'),
            RawClient.frame(0x01, (byte) 'b'));
    try (RawClient client = RawClient.connect(server.port()).send(frames)) {
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      client.send(RawClient.frame(0x80, (byte) 'c'));
      assertThat(client.read()).isIn("text a", "pong p");
      assertThat(client.read()).isIn("text a", "pong p");
      assertThat(client.read()).isEqualTo("text bc");
    }
  }

  @Test
  void what_the_session_sends_while_it_is_made_comes_after_the_handshake() {
    server.decide =
        handshake ->
            CompletableFuture.completedFuture(
                new Accepted(
                    null,
                    connection -> {
                      TestSession session = server.newSession(connection);
                      session.send("welcome");
                      return session;
                    }));
    try (RawClient client = RawClient.open(server.port())) {
      assertThat(client.read()).isEqualTo("text welcome");
    }
  }

  private URI uri() {
    return URI.create("ws://localhost:" + server.port() + "/ws");
  }
}
