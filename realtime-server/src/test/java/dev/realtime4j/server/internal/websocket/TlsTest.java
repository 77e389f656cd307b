package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.transport.HandshakeHandler.Refused;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on the event loops: with clients that behave, dawdle, stall, or speak something else. */
class TlsTest {
  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path keyStore;

  @SuppressWarnings("NullAway.Init")
  private TestServer server;

  @BeforeAll
  static void make() {
    keyStore = Certificates.local(made.resolve("server.p12"), "RSA");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ServerTls tls() {
    return ServerTls.keyStore(keyStore, Certificates.PASSWORD);
  }

  private void start() {
    server = TestServer.startTls(Duration.ofSeconds(10), tls()::sslContext);
  }

  private RawClient connect(String... protocols) throws IOException {
    return RawClient.over(socket(protocols));
  }

  private SSLSocket socket(String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            Certificates.trusting(keyStore)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    return socket;
  }

  private RawClient open(String... protocols) throws IOException {
    RawClient client = connect(protocols);
    client.handshake();
    return client;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void both_versions_carry_a_conversation(String protocol) throws IOException {
    start();
    try (RawClient client = open(protocol)) {
      assertThat(((SSLSocket) client.socket).getSession().getProtocol()).isEqualTo(protocol);
      for (String text : List.of("hello", "x".repeat(60_000), "ü".repeat(100))) {
        assertThat(client.text(text).read()).isEqualTo("text " + text);
      }
      client.send(RawClient.closeFrame(1000, "bye"));
      assertThat(client.read()).isEqualTo("close 1000 bye");
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void older_versions_are_refused_with_an_alert() throws IOException {
    start();
    try (SSLSocket socket = socket()) {
      // The JDK of the test may have disabled them altogether; then the client refuses itself.
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_256_CBC_SHA"
      })
  void suites_without_forward_secrecy_are_refused_with_an_alert(String suite) throws IOException {
    start();
    try (SSLSocket socket = socket("TLSv1.2")) {
      socket.setEnabledCipherSuites(new String[] {suite});

      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("handshake_failure"); // said by the server
    }
    try (SSLSocket socket = socket("TLSv1.2")) {
      socket.setEnabledCipherSuites(new String[] {suite, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
      socket.startHandshake();

      assertThat(socket.getSession().getCipherSuite()).contains("_ECDHE_");
    }
  }

  @Test
  void new_keys_now_and_then_are_fine() throws IOException {
    start();
    try (RawClient client = open("TLSv1.3")) {
      for (int i = 0; i < 20; i++) {
        ((SSLSocket) client.socket).startHandshake(); // in TLS 1.3 a KeyUpdate

        assertThat(client.text("hello").read()).isEqualTo("text hello");
      }
    }
  }

  @Test
  void whoever_asks_for_new_keys_again_and_again_is_closed() throws IOException {
    start();
    try (RawClient good = open();
        RawClient client = open("TLSv1.3")) {
      SSLSocket socket = (SSLSocket) client.socket;

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  socket.startHandshake();
                }
                client.text("still here").read();
              })
          .isInstanceOf(IOException.class);
      assertThat(good.text("hello").read()).isEqualTo("text hello");
    }
  }

  @Test
  void a_plain_client_on_a_tls_port_is_closed_and_nobody_else_is_hurt() throws IOException {
    start();
    try (RawClient good = open();
        RawClient plain = RawClient.connect(server.port())) {
      plain.send(RawClient.REQUEST);
      await().until(plain::isEnded); // after an alert, which it cannot read
      assertThat(good.text("still here").read()).isEqualTo("text still here");
    }
  }

  @Test
  void a_refusal_is_readable_and_ends_in_order() throws IOException {
    start();
    server.decide =
        handshake ->
            CompletableFuture.completedFuture(new Refused(401, ErrorCode.UNAUTHORIZED, "no", null));
    try (RawClient client = connect()) {
      client.send(RawClient.REQUEST);
      assertThat(client.readAll()).startsWith("HTTP/1.1 401 ").endsWith("}");
    }
  }

  @Test
  void a_decision_that_takes_its_time_holds_back_nothing_that_came_with_the_request()
      throws IOException {
    start();
    CompletableFuture<dev.realtime4j.api.transport.HandshakeHandler.Decision> later =
        new CompletableFuture<>();
    server.decide = handshake -> later;
    try (RawClient client = connect()) {
      // More than is read of a head: the rest waits decrypted, where no selector sees it.
      byte[] early = new byte[0];
      for (int i = 0; i < 30; i++) {
        String text = i + " " + "x".repeat(500);
        early = RawClient.join(early, RawClient.frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
      }
      client.send(RawClient.join(RawClient.REQUEST.getBytes(StandardCharsets.ISO_8859_1), early));
      await().until(() -> server.handshakes.size() == 1);
      later.complete(server.accepted());

      assertThat(client.readHead()).startsWith("HTTP/1.1 101");
      for (int i = 0; i < 30; i++) {
        assertThat(client.read()).startsWith("text " + i + " ");
      }
    }
  }

  @Test
  void what_came_while_reading_was_paused_is_read_afterwards() throws IOException {
    start();
    server.onText =
        (session, text) -> {
          if (text.equals("pause")) {
            session.connection.pauseReading();
          }
          session.send(text);
        };
    try (RawClient client = open()) {
      byte[] all = RawClient.frame(0x81, "pause".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 100; i++) {
        all =
            RawClient.join(
                all, RawClient.frame(0x81, (i + "x".repeat(900)).getBytes(StandardCharsets.UTF_8)));
      }
      client.send(all);
      assertThat(client.read()).isEqualTo("text pause");

      server.sessions.get(0).connection.resumeReading();

      for (int i = 0; i < 100; i++) {
        assertThat(client.read()).startsWith("text " + i + "x");
      }
    }
  }

  @Test
  void everything_sent_arrives_although_the_client_reads_slowly_and_no_record_is_held_back()
      throws IOException {
    start();
    try (RawClient client = open()) {
      await().until(() -> !server.sessions.isEmpty());
      TestSession session = server.sessions.get(0);
      byte[] text = "y".repeat(50_000).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 400; i++) { // 20 MB: far beyond what sockets hold
        session.outgoing.add(text);
      }
      session.send("last");

      for (int i = 0; i < 400; i++) {
        assertThat(client.receive().payload()).hasSize(text.length);
      }
      assertThat(client.read()).isEqualTo("text last");
    }
  }

  @Test
  void clients_that_stall_while_the_server_writes_delay_nobody() throws IOException {
    start();
    List<RawClient> stalled = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      stalled.add(open());
    }
    await().until(() -> server.sessions.size() == 20);
    byte[] text = new byte[60_000];
    for (TestSession session : server.sessions) {
      for (int i = 0; i < 200; i++) {
        session.outgoing.add(text);
      }
      session.connection.wantWrite();
    }
    Load before = Load.now();
    try (RawClient reader = open()) {
      for (int i = 0; i < 500; i++) {
        assertThat(reader.text("t" + i).read()).isEqualTo("text t" + i);
      }
    }
    assertThat(before.untilNow(Duration.ofSeconds(2))).isLessThan(0.5);
    for (TestSession session : List.copyOf(server.sessions).subList(0, 20)) {
      session.connection.abort(CloseCode.SLOW_CONSUMER, "too slow");
    }
    await().until(() -> server.transport.connectionCount() == 0);
    for (RawClient client : stalled) {
      client.close();
    }
  }

  @Test
  void idle_and_half_open_connections_cost_no_cpu_time() throws IOException {
    server = TestServer.startTls(Duration.ofMinutes(5), tls()::sslContext);
    List<AutoCloseable> idle = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      idle.add(open());
      idle.add(RawClient.connect(server.port())); // never says a word
      RawClient begins = RawClient.connect(server.port());
      begins.send((byte) 0x16, (byte) 0x03, (byte) 0x01, (byte) 0x02); // half a record
      idle.add(begins);
    }
    await().until(() -> server.sessions.size() == 30 && server.transport.connectionCount() == 90);

    Load before = Load.now();

    assertThat(before.untilNow(Duration.ofSeconds(2))).isLessThan(0.1);
    for (AutoCloseable client : idle) {
      closeQuietly(client);
    }
  }

  @Test
  void a_handshake_of_tls_that_is_never_finished_ends_at_the_deadline() throws IOException {
    server = TestServer.startTls(Duration.ofSeconds(4), tls()::sslContext);
    try (RawClient silent = RawClient.connect(server.port());
        RawClient half = RawClient.connect(server.port());
        SSLSocket nothingInside = socket()) {
      half.send((byte) 0x16, (byte) 0x03, (byte) 0x01);
      nothingInside.startHandshake();

      assertThat(silent.isEnded()).isTrue();
      assertThat(half.isEnded()).isTrue();
      assertThat(nothingInside.getInputStream().read()).isEqualTo(-1);
      await().until(() -> server.transport.connectionCount() == 0);
    }
  }

  @Test
  void a_handshake_that_dawdles_byte_by_byte_ends_at_the_deadline_too() throws IOException {
    server = TestServer.startTls(Duration.ofMillis(1500), tls()::sslContext);
    try (RawClient slow = RawClient.connect(server.port())) {
      slow.send((byte) 0x16, (byte) 0x03, (byte) 0x01, (byte) 0x40, (byte) 0x00);
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                try {
                  slow.send((byte) 1);
                  return false;
                } catch (java.io.UncheckedIOException cut) {
                  return true;
                }
              });
    }
  }

  @Test
  void a_client_may_not_ask_for_the_costly_part_of_tls_again() throws IOException {
    start();
    try (SSLSocket socket = socket("TLSv1.2");
        RawClient other = open()) {
      RawClient client = RawClient.over(socket);
      client.handshake();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 3; i++) {
                  socket.startHandshake();
                  client.text("again").read();
                }
              })
          .isInstanceOfAny(IOException.class, java.io.UncheckedIOException.class);
      assertThat(other.text("x").read()).isEqualTo("text x");
    }
  }

  @Test
  void a_client_may_change_its_keys_for_fresh_ones() throws IOException {
    start();
    try (SSLSocket socket = socket("TLSv1.3")) {
      RawClient client = RawClient.over(socket);
      client.handshake();
      for (int i = 0; i < 20; i++) {
        socket.startHandshake(); // in TLS 1.3 this is a request for new keys on both sides
        assertThat(client.text("t" + i).read()).isEqualTo("text t" + i);
      }
    }
  }

  @Test
  void a_transport_that_closes_says_goodbye_over_tls_and_leaves_no_thread() throws IOException {
    start();
    try (RawClient client = open()) {
      await().until(() -> server.sessions.size() == 1);
      server.close();
      assertThat(client.read()).startsWith("close 1012");
    }
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.matches("realtime-(tls|io|accept)-\\d+")));
  }

  private static void closeQuietly(AutoCloseable client) {
    try {
      client.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** How busy the event loops are. */
  private record Load(long cpuNanos, long nanos) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Load now() {
      long sum = 0;
      for (long id : THREADS.getAllThreadIds()) {
        java.lang.management.ThreadInfo info = THREADS.getThreadInfo(id);
        if (info != null && info.getThreadName().startsWith("realtime-io-")) {
          sum += Math.max(0, THREADS.getThreadCpuTime(id));
        }
      }
      return new Load(sum, System.nanoTime());
    }

    /** The share of one processor since then, over so long at least. */
    double untilNow(Duration atLeast) {
      await()
          .atMost(atLeast.plusSeconds(10))
          .until(() -> System.nanoTime() - nanos > atLeast.toNanos());
      Load now = now();
      return (double) (now.cpuNanos - cpuNanos) / (now.nanos - nanos);
    }
  }
}
