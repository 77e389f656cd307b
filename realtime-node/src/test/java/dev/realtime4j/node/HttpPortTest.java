package dev.realtime4j.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JOSEException;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.server.ProxyProtocol;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.RealtimeHttp;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The node's HTTP port under clients that are slow, malformed or many, over real sockets. */
@Timeout(60)
final class HttpPortTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final UUID USER = UUID.fromString("11111111-1111-4111-8111-111111111111");
  private static final String HEALTH = RealtimeHttp.BASE_PATH + "/health/ready";
  private static final String READ = RealtimeHttp.BASE_PATH + "/notifications/read";

  private final Closing closing = new Closing();
  private final AtomicReference<InetAddress> seen = new AtomicReference<>();
  private final JwtAuthenticator tokens = JwtAuthenticator.hs256(SECRET);
  private RealtimeServer server;
  private volatile CountDownLatch authenticator = new CountDownLatch(0);
  private HttpPort port;

  @BeforeEach
  void start() throws IOException {
    server =
        closing.later(
            RealtimeServer.builder().port(0).authenticator(this::authenticate).build().start());
    port = open(HttpPort.Options.plain(null, 0, "test-http"));
  }

  private Principal authenticate(Handshake handshake) {
    seen.set(handshake.remoteAddress());
    try {
      authenticator.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return tokens.authenticate(handshake);
  }

  /** A port that waits for its clients a fifth as long as it does by default. */
  private HttpPort impatient() throws IOException {
    ApiHandler api = closing.later(new ApiHandler(RealtimeHttp.of(server)));
    HttpPort.Options options = HttpPort.Options.plain(null, 0, "impatient");
    return closing.later(HttpPort.open(options, Duration.ofSeconds(1), api));
  }

  private HttpPort open(HttpPort.Options options) throws IOException {
    ApiHandler api = closing.later(new ApiHandler(RealtimeHttp.of(server)));
    return closing.later(HttpPort.open(options, api));
  }

  @AfterEach
  void stop() {
    authenticator.countDown();
    closing.close();
  }

  /** Begins of requests that never end. */
  @ParameterizedTest
  @CsvSource({
    "64, ''",
    "300, ''",
    "64, 'GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nX-Slow: '",
    "300, 'GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nX-Slow: '",
    "300, 'PUT " + READ + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{'",
    "1500, 'G'",
  })
  void slow_sockets_keep_no_health_call_from_answering(int sockets, String begin) throws Exception {
    port = impatient();
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < sockets; i++) {
      slow.add(socket(begin));
    }

    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(ask("GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
    await().atMost(Duration.ofSeconds(9)).until(() -> slow.stream().allMatch(HttpPortTest::ended));
  }

  @ParameterizedTest
  @CsvSource({
    "'GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nX-Slow: '",
    "'GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\n\r\nGET " + HEALTH + " HTTP/1.1\r\nX-Slow: '",
    "'PUT "
        + READ
        + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
        + "Content-Length: 60000\r\n\r\n'",
    "'PUT "
        + READ
        + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n'",
  })
  void a_byte_now_and_then_does_not_prolong_a_request(String begin) throws Exception {
    port = impatient();
    ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();
    closing.later(dripping::shutdownNow);
    Socket slow = socket(begin.formatted(token()));
    dripping.scheduleAtFixedRate(() -> drip(slow), 200, 200, TimeUnit.MILLISECONDS);

    await().atMost(Duration.ofSeconds(9)).until(() -> ended(slow));
  }

  @Test
  void slow_bodies_of_users_hold_no_thread_of_others() throws Exception {
    String begin =
        "PUT "
            + READ
            + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
            + token()
            + "\r\n"
            + "Content-Length: 1000\r\n\r\n{";
    for (int i = 0; i < 90; i++) {
      socket(begin);
    }

    assertThat(ask(get("/notifications/unread-count"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void calls_that_hang_in_a_store_keep_health_from_nobody_and_more_of_them_are_told_to_wait()
      throws Exception {
    authenticator = new CountDownLatch(1);
    List<Socket> hanging = new ArrayList<>();
    for (int i = 0; i < 272; i++) {
      hanging.add(fromAnyAddress(get("/notifications"), i));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> isRefused(get("/notifications")));

    assertThat(ask("GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(ask(get("/notifications"))).contains("Retry-After: 1", "RT_UNAVAILABLE");
    authenticator.countDown();
    for (Socket socket : hanging) {
      assertThat(line(socket)).startsWith("HTTP/1.1 ");
    }
  }

  @Test
  void a_stranger_is_refused_before_the_body_arrives() throws Exception {
    Socket socket =
        socket(
            "POST "
                + RealtimeHttp.BASE_PATH
                + "/notifications HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: 60000\r\n\r\n");

    assertThat(line(socket)).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void head_is_answered_and_the_connection_goes_on() throws Exception {
    String answers =
        ask(
            "HEAD "
                + HEALTH
                + " HTTP/1.1\r\nHost: a\r\n\r\n"
                + "HEAD "
                + HEALTH
                + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(answers).matches("(?s)(HTTP/1.1 200 .*?Content-Length: [1-9].*?\r\n\r\n){2}");
    assertThat(answers).doesNotContain("{").doesNotContain("Server:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://a" + HEALTH + " HTTP/1.1\r\nHost: a\r\n",
        "\r\nGET " + HEALTH + " HTTP/1.1\r\nHost: a\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: my_app:8081\r\n",
        "GET " + HEALTH + "?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n",
      })
  void what_is_well_formed_is_taken(String head) throws Exception {
    assertThat(ask(head + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nHost: a\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nX: y\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nContent-Length: \u0665\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "PUT "
            + READ
            + " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "PUT " + READ + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost : a\r\n",
        "GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\n folded: b\r\n",
        "PROXY TCP4 10.0.0.9 10.0.0.1 5 6\r\nGET " + HEALTH + " HTTP/1.1\r\nHost: a\r\n",
        "GET " + HEALTH + "/../%2e%2e/x HTTP/1.1\r\nHost: a\r\n\0\r\n",
        "GET " + HEALTH + " HTTP/1.1\nHost: a\r\n",
        "PUT " + READ + " HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n",
        "PUT "
            + READ
            + " HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      })
  void what_is_ambiguous_or_malformed_is_refused_without_a_word_of_it(String head)
      throws Exception {
    String answer = ask(head + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(answer).contains("RT_BAD_REQUEST").doesNotContain("Server:", "<h", "folded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "[", "[1.2:3]:4", "a:b", "a:99999", "a@b", "\u00ff", "a/b", ":"})
  void strangers_write_nothing_into_the_log_by_a_host_that_is_none(String host) throws Exception {
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    told.start();
    root.addAppender(told);
    try {
      assertThat(ask("GET " + HEALTH + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(List.copyOf(told.list)).isEmpty();
    } finally {
      root.detachAppender(told);
    }
  }

  @Test
  void a_head_that_is_too_long_is_refused() throws Exception {
    assertThat(ask("GET " + HEALTH + " HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @ParameterizedTest
  @CsvSource({"10, 400", "65536, 400", "65537, 413", "900000, 413"})
  void bodies_are_read_up_to_their_limit(int size, int status) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port.number() + READ))
                    .header("Authorization", "Bearer " + token())
                    .PUT(HttpRequest.BodyPublishers.ofString(" ".repeat(size)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 65_537, 200_000})
  void so_are_chunked_ones(int size) throws Exception {
    String answer =
        ask(
            "PUT "
                + READ
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + token()
                + "\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + Integer.toHexString(size)
                + "\r\n"
                + " ".repeat(size)
                + "\r\n0\r\n\r\n");

    assertThat(answer).startsWith(size > 65_536 ? "HTTP/1.1 413 " : "HTTP/1.1 400 ");
  }

  @Test
  void a_body_that_breaks_off_is_no_call() throws Exception {
    Socket socket =
        socket(
            "PUT "
                + READ
                + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + token()
                + "\r\n"
                + "Content-Length: 1000\r\n\r\n{\"up_to\":");
    socket.shutdownOutput();

    assertThat(line(socket)).doesNotStartWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "50524f58592054435034203139322e302e322e37203139322e302e322e312035203830820d0a",
        "50524f58592054435034203139322e302e322e37203139322e302e322e3120352038300d0a",
        "0d0a0d0a000d0a515549540a2111000cc0000207c000020100050050",
        "0d0a0d0a000d0a515549540a2111000fc0000207c000020100050050040000",
      })
  void the_client_behind_a_trusted_proxy_is_known_by_its_proxy_header(String header)
      throws Exception {
    port =
        open(
            new HttpPort.Options(
                null,
                0,
                "proxied",
                null,
                Set.of("127.0.0.0/8", "fd00::/8"),
                ProxyProtocol.REQUIRED));
    byte[] bytes = HexFormat.of().parseHex(header);
    String answer = ask(new String(bytes, ISO_8859_1) + get("/notifications/unread-count"));
    if (header.contains("820d0a")) {
      assertThat(answer).doesNotStartWith("HTTP/1.1 200 ");
      return;
    }

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(seen.get()).isEqualTo(InetAddress.getByName("192.0.2.7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "50524f585920554e4b4e4f574e0d0a",
        "0d0a0d0a000d0a515549540a20000000",
      })
  void what_a_proxy_says_for_itself_comes_from_the_proxy(String header) throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED));
    byte[] bytes = HexFormat.of().parseHex(header);

    assertThat(ask(new String(bytes, ISO_8859_1) + get("/notifications/unread-count")))
        .startsWith("HTTP/1.1 200 ");
    assertThat(seen.get()).isEqualTo(InetAddress.getByName("127.0.0.1"));
  }

  @Test
  void a_proxy_header_may_be_as_long_as_on_the_other_port() throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED));
    byte[] addresses = HexFormat.of().parseHex("c0000207c000020100050050");
    byte[] names = new byte[4096 - 16 - 12]; // of one TLV, of the NOOP type
    ByteBuffer.wrap(names).put((byte) 4).putShort((short) (names.length - 3));
    ByteBuffer header = ByteBuffer.allocate(4096);
    header
        .put(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111"))
        .putShort((short) (4096 - 16));
    header.put(addresses).put(names);

    assertThat(ask(new String(header.array(), ISO_8859_1) + get("/notifications/unread-count")))
        .startsWith("HTTP/1.1 200 ");
    assertThat(seen.get()).isEqualTo(InetAddress.getByName("192.0.2.7"));
  }

  @Test
  void headers_that_cannot_be_read_are_told_once() throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED));
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    told.start();
    root.addAppender(told);
    try {
      for (String header : List.of("PROXY TCP4 no\r\n", "PROXY\r\n", "")) {
        assertThat(ask(header + get("/notifications/unread-count")))
            .doesNotStartWith("HTTP/1.1 200 ");
      }
      for (String fields : List.of("3111000cc0000207c000020100050050", "2111ffff", "2141000c")) {
        byte[] header = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + fields);
        assertThat(ask(new String(header, ISO_8859_1) + get("/notifications/unread-count")))
            .doesNotStartWith("HTTP/1.1 200 ");
      }
      socket("").close();

      await()
          .untilAsserted(
              () ->
                  assertThat(List.copyOf(told.list))
                      .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                      .singleElement()
                      .asString()
                      .contains("with no PROXY header that can be read"));
    } finally {
      root.detachAppender(told);
    }
  }

  @Test
  void a_trusted_proxy_that_sends_no_header_is_closed() throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED));

    assertThat(ask(get("/notifications/unread-count"))).doesNotStartWith("HTTP/1.1 200 ");
    assertThat(seen.get()).isNull();
  }

  @Test
  void a_proxy_header_of_somebody_else_is_a_malformed_request() throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("10.0.0.0/8"), ProxyProtocol.REQUIRED));

    assertThat(ask("PROXY TCP4 192.0.2.7 192.0.2.1 5 80\r\n" + get("/notifications")))
        .startsWith("HTTP/1.1 400 ");
    assertThat(seen.get()).isNull();
    assertThat(ask(get("/notifications/unread-count"))).startsWith("HTTP/1.1 200 ");
    assertThat(seen.get()).isEqualTo(InetAddress.getByName("127.0.0.1"));
  }

  @Test
  void clients_behind_a_proxy_are_counted_by_their_own_address() throws Exception {
    port =
        open(
            new HttpPort.Options(
                null, 0, "proxied", null, Set.of("127.0.0.1"), ProxyProtocol.REQUIRED));
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      slow.add(socket("PROXY TCP4 192.0.2.7 192.0.2.1 5 80\r\nG"));
    }
    Socket another = socket("PROXY TCP4 192.0.2.8 192.0.2.1 5 80\r\n");

    await().until(() -> slow.stream().limit(60).filter(HttpPortTest::ended).count() >= 40);
    assertThat(slow.stream().skip(100).noneMatch(HttpPortTest::ended)).isTrue();
    another.getOutputStream().write(get("/notifications/unread-count").getBytes(ISO_8859_1));
    assertThat(line(another)).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void tls_is_as_strict_as_on_the_websocket_port_and_as_slow_clients_allow(@TempDir Path here)
      throws Exception {
    Path keys = Certificates.keyStore(here.resolve("server.p12"), "dns:localhost", "RSA");
    ServerTls tls = ServerTls.keyStore(keys, Certificates.PASSWORD);
    port = open(new HttpPort.Options(null, 0, "https", tls, Set.of(), ProxyProtocol.OFF));
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      slow.add(socket(i % 2 == 0 ? "" : "\u0016\u0003\u0001"));
    }
    HttpClient client = HttpClient.newBuilder().sslContext(Certificates.trusting(keys)).build();
    URI health = URI.create("https://localhost:" + port.number() + HEALTH);

    assertThat(
            client
                .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    for (String suite :
        List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA")) {
      assertThat(handshake(keys, "TLSv1.2", suite)).isInstanceOf(SSLHandshakeException.class);
    }
    assertThat(handshake(keys, "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")).isNull();
    await().atMost(Duration.ofSeconds(9)).until(() -> slow.stream().allMatch(HttpPortTest::ended));
  }

  @Test
  void a_client_that_negotiates_again_is_closed(@TempDir Path here) throws Exception {
    Path keys = Certificates.keyStore(here.resolve("server.p12"), "dns:localhost");
    port =
        open(
            new HttpPort.Options(
                null,
                0,
                "https",
                ServerTls.keyStore(keys, Certificates.PASSWORD),
                Set.of(),
                ProxyProtocol.OFF));
    try (SSLSocket socket =
        (SSLSocket)
            Certificates.trusting(keys)
                .getSocketFactory()
                .createSocket("localhost", port.number())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setSoTimeout(9_000);
      socket.startHandshake();
      assertThat(socket.getSession().isValid()).isTrue();
      socket.startHandshake(); // again
      socket.getOutputStream().write(get("/notifications").getBytes(ISO_8859_1));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (IOException closed) {
      assertThat(closed).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  private @Nullable Exception handshake(Path keys, String protocol, String suite) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            Certificates.trusting(keys)
                .getSocketFactory()
                .createSocket("localhost", port.number())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setEnabledCipherSuites(new String[] {suite});
      socket.startHandshake();
      return null;
    } catch (SSLHandshakeException e) {
      return e;
    }
  }

  private static String token() {
    try {
      return WireSocket.token(SECRET, USER, "");
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String get(String path) {
    return "GET "
        + RealtimeHttp.BASE_PATH
        + path
        + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + "Authorization: Bearer "
        + token()
        + "\r\n\r\n";
  }

  private Socket socket(String begin) throws IOException {
    return fromAnyAddress(begin, 0);
  }

  /** From one of the addresses of this machine, so that not all are counted for one. */
  private Socket fromAnyAddress(String begin, int number) throws IOException {
    Socket socket = new Socket();
    closing.later(socket);
    socket.setSoTimeout(15_000);
    socket.bind(new InetSocketAddress("127.0.0." + (1 + number / 50), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port.number()));
    socket.getOutputStream().write(begin.getBytes(ISO_8859_1));
    return socket;
  }

  private String ask(String request) throws IOException {
    try (Socket socket = socket(request)) {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /** Whether it is at once; if not it hangs as the others do. */
  private boolean isRefused(String request) throws IOException {
    try (Socket socket = socket(request)) {
      socket.setSoTimeout(1_000);
      return line(socket).startsWith("HTTP/1.1 503 ");
    } catch (SocketTimeoutException taken) {
      return false;
    }
  }

  private static String line(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write('a');
    } catch (IOException ended) {
      // That is what the test waits for.
    }
  }

  /** Whether the other side is gone, whatever it said before. */
  private static boolean ended(Socket socket) {
    try {
      socket.setSoTimeout(1);
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        continue;
      }
      return true;
    } catch (SocketTimeoutException still) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
