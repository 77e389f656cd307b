package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sockets from one address that never become WebSockets, over real sockets: everybody else is
 * welcome meanwhile. All of 127.0.0.0/8 is this machine, and each a client of its own.
 */
final class HalfOpenSocketsTest {
  private static final String ATTACKER = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final int SILENT = 300;

  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path keyStore;

  private final List<AutoCloseable> closing = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeAll
  static void make() {
    keyStore = Certificates.local(made.resolve("server.p12"), "RSA");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : closing) {
      one.close();
    }
    server.close();
  }

  private void start(RealtimeServer.Builder builder) {
    server =
        builder
            .port(0)
            .authenticator(new TestUsers())
            .handler("echo", MethodCall::params)
            // So long that nobody is saved by the deadline.
            .handshakeTimeout(Duration.ofMinutes(5))
            .build()
            .start();
  }

  private static ServerTls tls() {
    return ServerTls.keyStore(keyStore, Certificates.PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "GET /ws HTTP/1.1\r\nHost: localhost\r\nX: "})
  void silent_sockets_of_one_address_leave_everybody_else_unharmed(String said) throws IOException {
    start(RealtimeServer.builder().maxSockets(SILENT));
    WireClient resident = WireClient.open(server, TestUsers.some());
    resident.event("connected");

    flood(ATTACKER, said);

    assertThat(connected(OTHER, null, "")).contains("\"connected\"");
    assertThat(connected("127.0.0.3", null, "")).contains("\"connected\"");
    assertThat(connected(ATTACKER, null, "")).contains("\"connected\"");
    resident.call("echo", Json.EMPTY);
    resident.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016\u0003\u0001\u0002"})
  void with_tls_they_leave_everybody_else_unharmed_too(String said) throws Exception {
    start(RealtimeServer.builder().maxSockets(SILENT).tls(tls()));

    flood(ATTACKER, said);

    assertThat(connected(OTHER, Certificates.trusting(keyStore), "")).contains("connected");
    assertThat(connected(ATTACKER, Certificates.trusting(keyStore), "")).contains("connected");
  }

  @Test
  void handshakes_of_tls_that_stop_in_the_middle_leave_everybody_else_unharmed() throws Exception {
    start(RealtimeServer.builder().maxSockets(SILENT).tls(tls()));

    flood(ATTACKER, clientHello());

    assertThat(connected(OTHER, Certificates.trusting(keyStore), "")).contains("connected");
  }

  @Test
  void many_handshakes_of_one_address_hold_up_anothers_by_one_of_them() throws Exception {
    Path slow = Certificates.slow(made.resolve("slow.p12"));
    start(
        RealtimeServer.builder()
            .ioThreads(1)
            .maxSocketsPerAddress(10_000)
            .tls(ServerTls.keyStore(slow, Certificates.PASSWORD)));
    SSLContext trusting = Certificates.trusting(slow);
    List<Socket> flood = new ArrayList<>();
    String hello = clientHello();
    for (int i = 0; i < SILENT; i++) {
      flood.add(silent(ATTACKER, hello));
    }

    assertThat(connected(OTHER, trusting, "")).contains("connected");

    int answered = 0;
    for (Socket one : flood) {
      answered += one.getInputStream().available() > 0 ? 1 : 0;
    }
    assertThat(answered).isLessThan(SILENT / 2);
  }

  @Test
  void many_addresses_do_not_keep_the_others_out_of_a_full_node() throws IOException {
    start(RealtimeServer.builder().maxSockets(60));

    for (int i = 0; i < SILENT; i++) {
      silent("127.0.1." + i % 20, "");
    }

    assertThat(connected(OTHER, null, "")).contains("\"connected\"");
  }

  @Test
  void behind_a_proxy_the_address_in_its_header_counts_and_not_the_proxys() throws IOException {
    start(
        RealtimeServer.builder()
            .maxSockets(SILENT)
            .maxHalfOpenSocketsPerAddress(10)
            .trustedProxies(Set.of(ATTACKER))
            .proxyProtocol(ProxyProtocol.REQUIRED));

    flood(ATTACKER, "PROXY TCP4 192.0.2.66 192.0.2.1 5 80\r\n");

    await().until(() -> server.stats().halfOpenSockets() == 10);
    assertThat(connected(ATTACKER, null, "PROXY TCP4 192.0.2.7 192.0.2.1 5 80\r\n"))
        .contains("\"connected\"");
    assertThat(server.stats().socketsTurnedAway()).isEqualTo(SILENT - 10);
  }

  @Test
  void the_sockets_of_a_trusted_proxy_are_not_those_of_one_address() throws IOException {
    start(
        RealtimeServer.builder().maxHalfOpenSocketsPerAddress(10).trustedProxies(Set.of(ATTACKER)));

    flood(ATTACKER, "G");

    await().until(() -> server.stats().halfOpenSockets() == SILENT);
    assertThat(server.stats().socketsTurnedAway()).isZero();
  }

  @Test
  void the_longest_silent_one_of_an_address_goes_and_it_is_counted_and_said_once()
      throws IOException {
    try (CapturedLog log = CapturedLog.open()) {
      start(RealtimeServer.builder().maxHalfOpenSocketsPerAddress(10));
      Socket first = silent(ATTACKER, "");
      await().until(() -> server.stats().halfOpenSockets() == 1);
      flood(ATTACKER, "");

      assertThat(first.getInputStream().read()).isEqualTo(-1);
      await().until(() -> server.stats().halfOpenSockets() == 10);
      assertThat(server.stats().socketsTurnedAway()).isEqualTo(SILENT + 1 - 10);
      assertThat(server.stats().sockets()).isZero();
      assertThat(log.from(ch.qos.logback.classic.Level.WARN))
          .singleElement()
          .asString()
          .contains("127.0.0.1", "10 may keep the server waiting", "trustedProxies");
    }
  }

  @Test
  void an_address_whose_sockets_all_speak_at_once_may_bring_more_of_them() throws IOException {
    start(RealtimeServer.builder());
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < SILENT; i++) {
      sockets.add(silent(ATTACKER, request()));
    }
    for (Socket socket : sockets) {
      assertThat(read(socket, "\r\n")).startsWith("HTTP/1.1 101 ");
    }
    assertThat(server.stats().socketsTurnedAway()).isZero();
    assertThat(server.stats().halfOpenSockets()).isZero();
  }

  @Test
  void places_are_given_back_however_a_socket_ends() throws IOException {
    start(RealtimeServer.builder().maxSockets(20));
    for (int i = 0; i < 100; i++) {
      silent(ATTACKER, i % 2 == 0 ? "" : "POST / HTTP/1.1\r\n\r\n").close();
    }
    await().until(() -> server.stats().halfOpenSockets() == 0);
    assertThat(connected(ATTACKER, null, "")).contains("\"connected\"");
  }

  private void flood(String from, String said) throws IOException {
    for (int i = 0; i < SILENT; i++) {
      silent(from, said);
    }
  }

  /** A socket that says so much and no more. */
  private Socket silent(String from, String said) throws IOException {
    Socket socket = socket(from);
    try {
      socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException closedAlready) {
      assertThat(said).isNotEmpty();
    }
    return socket;
  }

  private Socket socket(String from) throws IOException {
    Socket socket = new Socket();
    closing.add(socket);
    socket.setSoTimeout(20_000);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.port()));
    return socket;
  }

  private static String request() {
    return RawHandshake.request("/ws?token=" + TestUsers.some());
  }

  /** What an honest client hears, up to its welcome. */
  private String connected(String from, @Nullable SSLContext tls, String before)
      throws IOException {
    Socket socket = socket(from);
    if (tls != null) {
      SSLSocketFactory secure = tls.getSocketFactory();
      socket = secure.createSocket(socket, "localhost", server.port(), true);
      closing.add(socket);
    }
    socket.getOutputStream().write((before + request()).getBytes(StandardCharsets.ISO_8859_1));
    return read(socket, "connected");
  }

  private static String read(Socket socket, String until) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder heard = new StringBuilder();
    int next = in.read();
    while (next >= 0) {
      heard.append((char) next);
      next = heard.indexOf(until) >= 0 ? -1 : in.read();
    }
    return heard.append('"').toString();
  }

  /** The first message of a client that never sends a second one. */
  private static String clientHello() throws IOException {
    SSLEngine engine = Certificates.trusting(keyStore).createSSLEngine("localhost", 443);
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return StandardCharsets.ISO_8859_1.decode(hello.flip()).toString();
  }
}
