package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
  private static RealtimeServer.Builder server() {
    return RealtimeServer.builder().port(0).authenticator(new TestUsers());
  }

  private static void connect(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5_000);
    }
  }

  private static void assertRefused(String address, int port) {
    assertThatThrownBy(() -> connect(address, port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void it_is_reached_at_its_address_only() throws IOException {
    try (RealtimeServer server = server().bindAddress("127.0.0.1").build().start()) {
      connect("127.0.0.1", server.port());
      assertRefused("127.0.0.2", server.port());
    }
  }

  @Test
  void it_is_reached_at_every_address_when_none_is_given_or_the_one_for_all() throws IOException {
    for (RealtimeServer.Builder each : new RealtimeServer.Builder[] {server(), every()}) {
      try (RealtimeServer server = each.build().start()) {
        connect("127.0.0.1", server.port());
        connect("127.0.0.2", server.port());
      }
    }
  }

  private static RealtimeServer.Builder every() {
    return server().bindAddress("0.0.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]", "0:0:0:0:0:0:0:1"})
  void it_may_be_of_ipv6(String address) throws IOException {
    if (NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) == null) {
      assertThatThrownBy(() -> server().bindAddress(address).build().start())
          .isInstanceOf(RealtimeException.class)
          .hasMessageContaining("cannot be opened");
      return;
    }
    try (RealtimeServer server = server().bindAddress(address).build().start()) {
      connect("::1", server.port());
      assertRefused("127.0.0.1", server.port());
    }
  }

  @Test
  void an_address_at_hand_does_as_well() throws IOException {
    InetAddress second = InetAddress.getByName("127.0.0.2");
    try (RealtimeServer server = server().bindAddress(second).build().start()) {
      connect("127.0.0.2", server.port());
      assertRefused("127.0.0.1", server.port());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "127.0.0.1:8080",
        "127.0.0",
        "0127.0.0.1",
        "[127.0.0.1]",
        "10.0.0.0/8",
        "::1%",
        "127.0.0.1%lo",
        "[::1",
        "*"
      })
  void what_is_no_address_is_refused_with_what_to_write(String address) {
    assertThatThrownBy(() -> server().bindAddress(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "bindAddress must be an address of this machine in numbers, such as 127.0.0.1 or ::1,"
                + " and without a port, not \""
                + address
                + "\"");
  }

  @Test
  void a_multicast_address_is_refused() throws UnknownHostException {
    InetAddress multicast = InetAddress.getByName("224.0.0.1");
    assertThatThrownBy(() -> server().bindAddress(multicast))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bindAddress")
        .hasMessageContaining("224.0.0.1");
  }

  @Test
  void an_address_of_another_machine_ends_the_start_with_the_remedy() {
    RealtimeServer server = server().bindAddress("203.0.113.7").build();
    assertThatThrownBy(server::start)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("port 0 of 203.0.113.7 cannot be opened")
        .hasMessageContaining("address of this machine");
  }

  @Test
  void a_port_that_is_taken_at_that_address_is_told_with_both() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      RealtimeServer server = server().port(taken.getLocalPort()).bindAddress("127.0.0.1").build();
      assertThatThrownBy(server::start)
          .isInstanceOf(RealtimeException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1");
    }
  }
}
