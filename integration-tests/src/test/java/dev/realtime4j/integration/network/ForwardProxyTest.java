package dev.realtime4j.integration.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client behind a forward proxy, as in offices: real sockets, a real server. */
@Timeout(60)
class ForwardProxyTest {
  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path keys;

  private final List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
  private @Nullable RealtimeServer server;
  private @Nullable RealtimeClient client;

  @BeforeAll
  static void make() throws Exception {
    keys = Certificates.keyStore(made.resolve("keys.p12"), "dns:far.example,dns:*.swarm.example");
  }

  @AfterEach
  void closeAll() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private int serve(boolean tls) {
    RealtimeServer.Builder builder =
        RealtimeServer.builder()
            .port(0)
            .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
            .handler("echo", MethodCall::params)
            .drainTime(Duration.ZERO);
    if (tls) {
      builder.tls(ServerTls.keyStore(keys, Certificates.PASSWORD));
    }
    RealtimeServer started = builder.build().start();
    server = started;
    return started.port();
  }

  private RealtimeClient.Builder to(String endpoint) {
    return RealtimeClient.builder()
        .endpoint(URI.create(endpoint))
        .token("0190a5f0-0000-7000-8000-0000000000ff");
  }

  private RealtimeClient built(RealtimeClient.Builder builder) {
    RealtimeClient made = builder.build();
    made.onState(changes::add);
    client = made;
    return made;
  }

  private void echoes(RealtimeClient.Builder builder) throws Exception {
    RealtimeClient connected = built(builder);
    connected.connect().get(20, TimeUnit.SECONDS);
    Json params = Json.object("text", "ü".repeat(10_000));
    assertThat(connected.call("echo", params).get(20, TimeUnit.SECONDS)).isEqualTo(params);
  }

  private void failsWith(RealtimeClient.Builder builder, String... why) {
    built(builder).connect();
    await().until(() -> changes.stream().anyMatch(change -> change.cause() != null));
    assertThat(changes)
        .filteredOn(change -> change.cause() != null)
        .first()
        .satisfies(change -> assertThat(String.valueOf(change.cause())).contains(why));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP, ws, far.example",
    "HTTP, wss, far.example",
    "SOCKS, ws, far.example",
    "SOCKS, wss, far.example",
    "HTTP, ws, my_service",
    "SOCKS, ws, my_service",
    "HTTP, wss, my_service.swarm.example",
    "HTTP, ws, 127.0.0.1",
    "SOCKS, ws, 127.0.0.1",
  })
  void a_server_beyond_a_proxy_is_reached_and_looked_up_by_the_proxy(
      Proxy.Type type, String scheme, String host) throws Exception {
    int port = serve(scheme.equals("wss"));
    try (ForwardProxy proxy = new ForwardProxy()) {
      echoes(
          to(scheme + "://" + host + ":" + port + "/ws")
              .sslContext(Certificates.trusting(keys))
              .proxy(new Proxy(type, proxy.address())));

      assertThat(proxy.asked).containsExactly(host + ":" + port);
    }
  }

  @Test
  void a_name_with_an_underscore_is_checked_against_the_certificate_all_the_same()
      throws Exception {
    int port = serve(true);
    try (ForwardProxy proxy = new ForwardProxy()) {
      failsWith(
          to("wss://my_service.other.example:" + port + "/ws")
              .sslContext(Certificates.trusting(keys))
              .proxy(new Proxy(Proxy.Type.HTTP, proxy.address())),
          "TLS with my_service.other.example:" + port,
          "the certificate is not for my_service.other.example");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Proxy.Type.class,
      names = {"HTTP", "SOCKS"})
  void a_proxy_that_asks_for_a_password_gets_the_authenticators(Proxy.Type type) throws Exception {
    int port = serve(false);
    Authenticator before = Authenticator.getDefault();
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("anna", "hush:hush".toCharArray());
          }
        });
    try (ForwardProxy proxy = new ForwardProxy().asking("anna:hush:hush")) {
      echoes(to("ws://far.example:" + port + "/ws").proxy(new Proxy(type, proxy.address())));
    } finally {
      Authenticator.setDefault(before);
    }
  }

  @Test
  void a_proxy_that_asks_for_a_password_that_nobody_gives_is_told() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy().asking("anna:hush")) {
      failsWith(
          to("ws://far.example/ws").proxy(new Proxy(Proxy.Type.HTTP, proxy.address())),
          "HTTP proxy " + proxy.address().getHostString() + ":" + proxy.port(),
          "java.net.Authenticator");
      assertThat(proxy.asked).containsExactly("far.example:80");
    }
  }

  @Test
  void a_proxy_that_refuses_is_told_with_its_status() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy().refusing("403 Not for you")) {
      failsWith(
          to("wss://far.example/ws").proxy(new Proxy(Proxy.Type.HTTP, proxy.address())),
          "no way to far.example:443 by the HTTP proxy",
          ":" + proxy.port(),
          "403 Not for you");
    }
  }

  @Test
  void a_socks_proxy_that_refuses_is_told() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy().refusing("no")) {
      failsWith(
          to("ws://far.example/ws").proxy(new Proxy(Proxy.Type.SOCKS, proxy.address())),
          "no way to far.example:80 by the SOCKS proxy",
          "SOCKS: Connection not allowed by ruleset");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Proxy.Type.class,
      names = {"HTTP", "SOCKS"})
  void a_proxy_that_is_not_there_is_named(Proxy.Type type) throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    failsWith(
        to("ws://far.example/ws").proxy(new Proxy(type, new InetSocketAddress("127.0.0.1", free))),
        "by the " + type + " proxy 127.0.0.1:" + free,
        "Connection refused");
  }

  /** Asked by every client that was not told otherwise; knows this test's servers only. */
  private static final class Choosing extends ProxySelector {
    final List<URI> asked = new CopyOnWriteArrayList<>();
    final List<SocketAddress> failed = new CopyOnWriteArrayList<>();
    private final List<Proxy> answer;

    Choosing(Proxy... answer) {
      this.answer = List.of(answer);
    }

    @Override
    public List<Proxy> select(URI uri) {
      asked.add(uri);
      return "far.example".equals(uri.getHost()) ? answer : List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      failed.add(address);
    }
  }

  @Test
  void the_jvms_default_selector_is_asked_and_the_next_proxy_taken_when_one_fails()
      throws Exception {
    int port = serve(false);
    ProxySelector before = ProxySelector.getDefault();
    try (ForwardProxy broken = new ForwardProxy().refusing("502 Bad Gateway");
        ForwardProxy proxy = new ForwardProxy()) {
      Choosing selector =
          new Choosing(
              new Proxy(Proxy.Type.HTTP, broken.address()),
              new Proxy(Proxy.Type.HTTP, proxy.address()));
      ProxySelector.setDefault(selector);

      echoes(to("ws://far.example:" + port + "/ws"));

      assertThat(selector.asked).contains(URI.create("http://far.example:" + port + "/"));
      assertThat(selector.failed).containsExactly(broken.address());
      assertThat(proxy.asked).containsExactly("far.example:" + port);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https.proxyHost, https.proxyPort, wss",
    "http.proxyHost, http.proxyPort, ws",
    "socksProxyHost, socksProxyPort, ws",
    "socksProxyHost, socksProxyPort, wss",
  })
  void the_jvms_properties_are_respected(String hostName, String portName, String scheme)
      throws Exception {
    int port = serve(scheme.equals("wss"));
    try (ForwardProxy proxy = new ForwardProxy()) {
      System.setProperty(hostName, proxy.address().getHostString());
      System.setProperty(portName, String.valueOf(proxy.port()));
      echoes(to(scheme + "://far.example:" + port + "/ws").sslContext(Certificates.trusting(keys)));
      assertThat(proxy.asked).containsExactly("far.example:" + port);
    } finally {
      System.clearProperty(hostName);
      System.clearProperty(portName);
    }
  }

  @Test
  void a_host_that_needs_no_proxy_is_reached_directly() throws Exception {
    int port = serve(false);
    try (ForwardProxy proxy = new ForwardProxy()) {
      System.setProperty("http.proxyHost", proxy.address().getHostString());
      System.setProperty("http.proxyPort", String.valueOf(proxy.port()));
      echoes(to("ws://127.0.0.1:" + port + "/ws")); // one of the nonProxyHosts by default
      assertThat(proxy.asked).isEmpty();
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void no_proxy_means_none_whatever_the_jvm_says() throws Exception {
    int port = serve(false);
    ProxySelector before = ProxySelector.getDefault();
    Choosing selector = new Choosing();
    ProxySelector.setDefault(selector);
    try {
      echoes(to("ws://127.0.0.1:" + port + "/ws").proxy(Proxy.NO_PROXY));
      assertThat(selector.asked).noneMatch(uri -> uri.getPort() == port);
    } finally {
      ProxySelector.setDefault(before);
    }
  }
}
