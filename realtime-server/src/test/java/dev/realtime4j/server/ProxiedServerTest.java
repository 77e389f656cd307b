package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the address of a PROXY header counts for. */
final class ProxiedServerTest {
  private static RealtimeServer.Builder builder() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(new TestUsers())
        .maxSocketsPerAddress(1)
        .trustedProxies(Set.of("127.0.0.1", "10.0.0.0/8"))
        .proxyProtocol(ProxyProtocol.REQUIRED);
  }

  private static RawHandshake from(
      RealtimeServer server, String address, UserId user, String... headers) throws IOException {
    RawHandshake handshake = new RawHandshake(server.port());
    handshake.write("PROXY TCP4 " + address + " 10.0.0.1 4711 443\r\n");
    handshake.write(RawHandshake.request("/ws?token=" + user, headers));
    return handshake.readHead();
  }

  private static void assertLogged(RealtimeServer server, UserId user, String address) {
    await()
        .untilAsserted(
            () ->
                assertThat(server.connectionLog().connections(user, PageRequest.first(10)).items())
                    .extracting(entry -> entry.remoteAddress().getHostAddress())
                    .containsExactly(address));
  }

  @Test
  void it_counts_for_the_limits_and_the_connection_log_and_what_the_client_wrote_does_not()
      throws IOException {
    UserId user = TestUsers.some();
    try (RealtimeServer server = builder().build().start();
        RawHandshake first = from(server, "192.0.2.7", user, "X-Forwarded-For: 198.51.100.1");
        RawHandshake same = from(server, "192.0.2.7", user, "X-Forwarded-For: 198.51.100.2");
        RawHandshake other = from(server, "192.0.2.8", TestUsers.some())) {
      assertThat(first.statusLine()).startsWith("HTTP/1.1 101");
      assertThat(same.statusLine()).startsWith("HTTP/1.1 429");
      assertThat(other.statusLine()).startsWith("HTTP/1.1 101");
      assertLogged(server, user, "192.0.2.7");
    }
  }

  @Test
  void a_proxy_behind_the_proxy_is_believed_when_it_is_trusted() throws IOException {
    UserId user = TestUsers.some();
    try (RealtimeServer server = builder().build().start();
        RawHandshake opened = from(server, "10.0.0.5", user, "X-Forwarded-For: 198.51.100.1")) {
      assertThat(opened.statusLine()).startsWith("HTTP/1.1 101");
      assertLogged(server, user, "198.51.100.1");
    }
  }

  @Test
  void proxies_and_node_that_do_not_agree_are_told_once_with_the_remedy() throws IOException {
    try (CapturedLog log = CapturedLog.open();
        RealtimeServer required = builder().build().start();
        RealtimeServer off = builder().proxyProtocol(ProxyProtocol.OFF).build().start()) {
      for (int i = 0; i < 3; i++) {
        try (RawHandshake plain = RawHandshake.begin(required, "/ws");
            RawHandshake proxied = from(off, "192.0.2.7", TestUsers.some())) {
          assertThat(plain.readHead().statusLine()).isEmpty();
          assertThat(proxied.statusLine()).startsWith("HTTP/1.1 400");
        }
      }
      assertThat(log.from(Level.WARN))
          .filteredOn(line -> line.contains("PROXY header"))
          .hasSize(2)
          .allMatch(line -> line.contains("proxyProtocol"));
    }
  }

  @Test
  void it_needs_trusted_proxies_and_the_own_transport() {
    RealtimeServer.Builder alone =
        RealtimeServer.builder()
            .authenticator(new TestUsers())
            .proxyProtocol(ProxyProtocol.REQUIRED);
    assertThatThrownBy(alone::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("trustedProxies");
    assertThatThrownBy(() -> builder().transport(new LocalTransport()).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transport");
  }
}
