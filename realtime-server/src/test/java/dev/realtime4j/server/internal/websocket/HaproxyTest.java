package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.fixtures.Haproxy;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real HAProxy in front, which passes bytes on and says whose they are. */
@Tag("haproxy")
final class HaproxyTest {
  @TempDir static Path made;

  private @Nullable TestServer server;
  private @Nullable Haproxy haproxy;

  @AfterEach
  void stop() {
    if (haproxy != null) {
      haproxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket =
        new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName("127.0.0.9"), 0);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static boolean accepts(int port) {
    try (Socket socket = connect(port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "send-proxy, false",
    "send-proxy-v2, false",
    "send-proxy-v2, true",
    "send-proxy-v2 proxy-v2-options crc32c, false",
  })
  void the_client_s_address_is_what_haproxy_says(String sends, boolean tls) throws Exception {
    Path keyStore = made.resolve("server.p12");
    if (!Files.exists(keyStore)) {
      Certificates.local(made.resolve("server.p12"), "RSA");
    }
    TestServer node =
        TestServer.startBehind(
            Duration.ofSeconds(10),
            tls ? ServerTls.keyStore(keyStore, Certificates.PASSWORD)::sslContext : null,
            address -> address.getHostAddress().equals("127.0.0.1"));
    server = node;
    haproxy = Haproxy.before(node.port(), sends, made);
    int port = haproxy.port();
    await().until(() -> accepts(port));

    Socket socket = connect(port);
    Socket through =
        tls
            ? Certificates.trusting(keyStore)
                .getSocketFactory()
                .createSocket(socket, "localhost", port, true)
            : socket;
    try (RawClient client = RawClient.over(through)) {
      client.handshake();
      assertThat(client.text("hello").read()).isEqualTo("text hello");
      assertThat(node.handshakes).hasSize(1);
      assertThat(node.handshakes.get(0).remoteAddress().getHostAddress()).isEqualTo("127.0.0.9");
    }
  }
}
