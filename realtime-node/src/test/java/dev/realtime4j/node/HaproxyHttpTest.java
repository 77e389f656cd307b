package dev.realtime4j.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.Haproxy;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.server.ProxyProtocol;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real HAProxy in front of the node's HTTP port, which passes bytes on. */
@Tag("haproxy")
final class HaproxyHttpTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  @TempDir Path here;

  private final Closing closing = new Closing();

  @AfterEach
  void stop() {
    closing.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c"})
  void the_client_s_address_is_what_haproxy_says(String sends) throws Exception {
    AtomicReference<InetAddress> seen = new AtomicReference<>();
    JwtAuthenticator tokens = JwtAuthenticator.hs256(SECRET);
    RealtimeServer server =
        closing.later(
            RealtimeServer.builder()
                .port(0)
                .authenticator(
                    handshake -> {
                      seen.set(handshake.remoteAddress());
                      return tokens.authenticate(handshake);
                    })
                .build()
                .start());
    ApiHandler api = closing.later(new ApiHandler(RealtimeHttp.of(server)));
    HttpPort node =
        closing.later(
            HttpPort.open(
                new HttpPort.Options(
                    null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED),
                api));
    int port = closing.later(Haproxy.before(node.number(), sends, here)).port();
    await().until(() -> ask(port).startsWith("HTTP/1.1 200 "));

    assertThat(seen.get()).isEqualTo(InetAddress.getByName("127.0.0.9"));
  }

  private static String ask(int port) throws Exception {
    InetAddress here = InetAddress.getByName("127.0.0.1");
    try (Socket socket = new Socket(here, port, InetAddress.getByName("127.0.0.9"), 0)) {
      socket.setSoTimeout(10_000);
      String token =
          WireSocket.token(SECRET, UUID.fromString("11111111-1111-4111-8111-111111111111"), "");
      String request =
          "GET %s/notifications/unread-count HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
              + "Authorization: Bearer %s\r\n\r\n";
      socket
          .getOutputStream()
          .write(request.formatted(RealtimeHttp.BASE_PATH, token).getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException notYet) {
      return "";
    }
  }
}
