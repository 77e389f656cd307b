package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of a trusted proxy, which is 127.0.0.1 here, and of others. */
final class ProxyProtocolTest {
  private static final String V1 = "PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n";
  private static final byte[] V2 =
      HexFormat.of()
          .parseHex("0D0A0D0A000D0A515549540A21110013C00002070A000001DC0401BBEA000401020304");

  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path keyStore;

  private TestServer server = start(false, Duration.ofSeconds(10));

  @BeforeAll
  static void make() {
    keyStore = Certificates.local(made.resolve("server.p12"), "RSA");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static TestServer start(boolean tls, Duration timeout) {
    return TestServer.startBehind(
        timeout,
        tls ? ServerTls.keyStore(keyStore, Certificates.PASSWORD)::sslContext : null,
        address -> address.getHostAddress().equals("127.0.0.1"));
  }

  /** From an address that is not the proxy's. */
  private RawClient fromElsewhere() throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getByName("127.0.0.1"),
            server.port(),
            InetAddress.getByName("127.0.0.5"),
            0);
    socket.setSoTimeout(10_000);
    return RawClient.over(socket);
  }

  private String seen() {
    return server.handshakes.get(server.handshakes.size() - 1).remoteAddress().getHostAddress();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_header_says_whose_the_connection_is_also_before_tls(boolean tls) throws Exception {
    server.close();
    server = start(tls, Duration.ofSeconds(10));
    for (byte[] header : new byte[][] {V1.getBytes(StandardCharsets.US_ASCII), V2}) {
      Socket plain = new Socket("127.0.0.1", server.port());
      plain.setSoTimeout(10_000);
      plain.getOutputStream().write(header);
      SSLSocketFactory secure = Certificates.trusting(keyStore).getSocketFactory();
      Socket socket = tls ? secure.createSocket(plain, "localhost", server.port(), true) : plain;
      try (RawClient client = RawClient.over(socket)) {
        client.handshake();
        assertThat(client.text("hello").read()).isEqualTo("text hello");
        assertThat(seen()).isEqualTo("192.0.2.7");
      }
    }
  }

  @Test
  void a_header_may_come_byte_by_byte_or_with_all_that_follows() {
    try (RawClient client = RawClient.connect(server.port())) {
      for (byte one : V2) {
        client.send(one);
      }
      client.handshake();
      assertThat(seen()).isEqualTo("192.0.2.7");
    }
    try (RawClient client = RawClient.connect(server.port())) {
      client.send(V1 + RawClient.REQUEST);
      client.send(RawClient.frame(0x81, (byte) 'a'));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101");
      assertThat(client.read()).isEqualTo("text a");
    }
  }

  @Test
  void a_proxy_s_own_connection_is_its_own() {
    byte[] local = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A20000000");
    try (RawClient client = RawClient.connect(server.port()).send(local)) {
      client.handshake();
      assertThat(seen()).isEqualTo("127.0.0.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PROXY TCP4 localhost 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\nGET /ws HTTP/1.1\r\n",
        "\r\n\r\nrubbish that is long enough",
      })
  void a_trusted_proxy_without_a_proper_header_is_closed_without_a_word(String start) {
    try (RawClient client = RawClient.connect(server.port()).send(start)) {
      assertThat(client.isEnded()).isTrue();
    }
    assertThat(server.handshakes).isEmpty();
    await().until(() -> server.transport.connectionCount() == 0);
  }

  @Test
  void a_header_that_does_not_come_in_time_is_waited_for_no_longer() {
    server.close();
    server = start(false, Duration.ofMillis(300));
    try (RawClient silent = RawClient.connect(server.port());
        RawClient half = RawClient.connect(server.port()).send("PROXY TCP4 ");
        RawClient dawdling = RawClient.connect(server.port()).send(V1 + "GET /ws")) {
      assertThat(silent.isEnded()).isTrue();
      assertThat(half.isEnded()).isTrue();
      assertThat(dawdling.readHead()).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void whoever_else_connects_is_himself_and_his_header_is_not_believed() throws Exception {
    try (RawClient direct = fromElsewhere()) {
      direct.handshake();
      assertThat(seen()).isEqualTo("127.0.0.5");
    }
    try (RawClient liar = fromElsewhere().send(V1 + RawClient.REQUEST)) {
      assertThat(liar.readHead()).startsWith("HTTP/1.1 400 ");
    }
    try (RawClient liar = fromElsewhere().send(V2)) {
      assertThat(liar.readHead()).startsWith("HTTP/1.1 400 ");
    }
    assertThat(server.handshakes).hasSize(1);
  }
}
