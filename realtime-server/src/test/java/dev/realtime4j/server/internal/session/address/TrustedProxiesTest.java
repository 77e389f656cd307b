package dev.realtime4j.server.internal.session.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.auth.Handshake;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word about the client's address counts. */
final class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"));

  private static InetAddress address(String text) {
    return CidrBlock.parse(text).start();
  }

  private static String seen(String peer, Map<String, String> headers) {
    return PROXIES
        .seenThrough(Handshake.of("/ws", headers, address(peer)))
        .remoteAddress()
        .getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // peer     | X-Forwarded-For                    | client
        "10.1.2.3   | 203.0.113.9                        | 203.0.113.9",
        "192.0.2.7  | 203.0.113.9                        | 203.0.113.9",
        "::1        | 203.0.113.9                        | 203.0.113.9",
        "2001:db8::5| 2001:db9::1                        | 2001:db9:0:0:0:0:0:1",
        // Not a proxy of ours: whatever it says.
        "192.0.2.8  | 203.0.113.9                        | 192.0.2.8",
        "11.0.0.1   | 203.0.113.9                        | 11.0.0.1",
        "2001:db9::5| 203.0.113.9                        | 2001:db9:0:0:0:0:0:5",
        // The right-most that is no proxy; what the client made up stands further left.
        "10.1.2.3   | 1.1.1.1, 203.0.113.9               | 203.0.113.9",
        "10.1.2.3   | 1.1.1.1, 203.0.113.9, 10.9.9.9     | 203.0.113.9",
        "10.1.2.3   | 1.1.1.1,203.0.113.9 ,10.9.9.9,::1  | 203.0.113.9",
        "10.1.2.3   | 10.8.8.8, 10.9.9.9                 | 10.8.8.8",
        // With ports and brackets, as some proxies write them.
        "10.1.2.3   | 203.0.113.9:4711                   | 203.0.113.9",
        "10.1.2.3   | [2001:db9::1]:4711                 | 2001:db9:0:0:0:0:0:1",
        "10.1.2.3   | [2001:db9::1]                      | 2001:db9:0:0:0:0:0:1",
        "10.1.2.3   | ::ffff:203.0.113.9                 | 203.0.113.9",
        // What is no address: the trusted one who wrote it is all that is known.
        "10.1.2.3   | unknown                            | 10.1.2.3",
        "10.1.2.3   | 203.0.113.9, unknown               | 10.1.2.3",
        "10.1.2.3   | 203.0.113.9, nonsense, 10.9.9.9    | 10.9.9.9",
        "10.1.2.3   | 203.0.113.9,                       | 10.1.2.3",
        "10.1.2.3   | 1.2.3                              | 10.1.2.3",
        "10.1.2.3   | 1.2.3.400                          | 10.1.2.3",
        "10.1.2.3   | 01.2.3.4                           | 10.1.2.3",
        "10.1.2.3   | 3405803785                         | 10.1.2.3",
        "10.1.2.3   | localhost                          | 10.1.2.3",
        "10.1.2.3   | evil.example.org                   | 10.1.2.3",
        "10.1.2.3   | fe80::1%eth0                       | 10.1.2.3",
        "10.1.2.3   | :::                                | 10.1.2.3",
        "10.1.2.3   | [203.0.113.9]                      | 10.1.2.3",
        "10.1.2.3   | \"203.0.113.9\"                    | 10.1.2.3",
      })
  void the_right_most_address_that_is_no_proxy_is_the_client(
      String peer, String header, String client) {
    assertThat(seen(peer, Map.of("X-Forwarded-For", header))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "for=203.0.113.9                                    | 203.0.113.9",
        "For=203.0.113.9;proto=https;by=10.1.1.1            | 203.0.113.9",
        "proto=https; for=203.0.113.9                       | 203.0.113.9",
        "for=\"203.0.113.9:4711\"                           | 203.0.113.9",
        "for=\"[2001:db9::1]:4711\"                         | 2001:db9:0:0:0:0:0:1",
        "for=1.1.1.1, for=203.0.113.9, for=10.9.9.9         | 203.0.113.9",
        "for=1.1.1.1;host=\"a, for=2.2.2.2\", for=10.9.9.9  | 1.1.1.1",
        "for=_hidden                                        | 10.1.2.3",
        "for=unknown                                        | 10.1.2.3",
        "for=\"_x\", for=10.9.9.9                           | 10.9.9.9",
        "by=203.0.113.9                                     | 10.1.2.3",
        "xfor=203.0.113.9                                   | 10.1.2.3",
        "for=1.1.1.1;for=203.0.113.9                        | 10.1.2.3",
        "for=\"203.0.113.9                                  | 10.1.2.3",
        "for=\"[2001:db9::1                                 | 10.1.2.3",
        "for=2001:db9::1                                    | 2001:db9:0:0:0:0:0:1",
        "203.0.113.9                                        | 10.1.2.3",
        ";;;=,,=\"\\                                        | 10.1.2.3",
      })
  void rfc_7239_is_understood_too(String header, String client) {
    assertThat(seen("10.1.2.3", Map.of("Forwarded", header))).isEqualTo(client);
  }

  @Test
  void two_headers_count_when_they_agree_and_not_otherwise() {
    assertThat(
            seen(
                "10.1.2.3",
                Map.of("Forwarded", "for=203.0.113.9", "X-Forwarded-For", "203.0.113.9")))
        .isEqualTo("203.0.113.9");
    assertThat(
            seen("10.1.2.3", Map.of("Forwarded", "for=1.1.1.1", "X-Forwarded-For", "203.0.113.9")))
        .isEqualTo("10.1.2.3");
  }

  @Test
  void endless_lists_are_read_from_the_right_and_not_to_their_end() {
    assertThat(
            seen(
                "10.1.2.3",
                Map.of("X-Forwarded-For", "1.1.1.1, " + "10.9.9.9,".repeat(1500) + "10.8.8.8")))
        .isEqualTo("10.9.9.9");
    assertThat(seen("10.1.2.3", Map.of("Forwarded", "for=\"" + "\\".repeat(15_000))))
        .isEqualTo("10.1.2.3");
  }

  @Test
  void nobody_is_trusted_unless_listed() {
    Handshake handshake =
        Handshake.of("/ws", Map.of("X-Forwarded-For", "1.1.1.1"), address("127.0.0.1"));

    assertThat(TrustedProxies.of(List.of()).seenThrough(handshake)).isSameAs(handshake);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "proxy.example.org", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x",
        "0.0.0.0/0", "::/0", "10.0.0.7/8", "2001:db8::1/32", "2001:db8::/129", "1:2:3",
            "10.0.0.0/-1",
      })
  void what_is_no_address_and_no_network_is_named(String text) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\"");
  }

  @Test
  void the_network_that_was_meant_is_named() {
    assertThatThrownBy(() -> CidrBlock.parse("10.0.0.7/8"))
        .hasMessage("\"10.0.0.7/8\" is within 10.0.0.0/8; write that");
  }

  @ParameterizedTest
  @CsvSource({
    "10.128.0.0/9, 10.128.0.0, true",
    "10.128.0.0/9, 10.255.255.255, true",
    "10.128.0.0/9, 10.127.255.255, false",
    "192.0.2.0/31, 192.0.2.1, true",
    "192.0.2.0/31, 192.0.2.2, false",
    "192.0.2.5/32, 192.0.2.5, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1/128, ::1, true",
    "::1, 127.0.0.1, false",
  })
  void a_network_holds_what_begins_with_it(String network, String address, boolean inside) {
    assertThat(CidrBlock.parse(network).contains(address(address))).isEqualTo(inside);
  }
}
