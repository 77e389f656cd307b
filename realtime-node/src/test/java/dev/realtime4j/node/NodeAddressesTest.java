package dev.realtime4j.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.fixtures.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose ports are at addresses of their own. */
class NodeAddressesTest {
  private static RunningNode start(String... namesAndValues) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "REALTIME_JWT_SECRET", "a secret of more than thirty-two bytes",
                "REALTIME_WS_PORT", "0",
                "REALTIME_HTTP_PORT", "0",
                "REALTIME_DRAIN_TIME", "0s"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return RunningNode.start(NodeSettings.read(environment));
  }

  private static void connect(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5_000);
    }
  }

  private static void assertOnlyAt(String address, String other, int port) throws IOException {
    connect(address, port);
    assertThatThrownBy(() -> connect(other, port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void each_is_reached_at_its_own_only() throws IOException {
    int metrics = FreePort.some();
    try (RunningNode node =
        start(
            "REALTIME_WS_ADDRESS", "127.0.0.1",
            "REALTIME_HTTP_ADDRESS", "127.0.0.2",
            "REALTIME_METRICS_PORT", "" + metrics,
            "REALTIME_METRICS_ADDRESS", "127.0.0.3")) {
      assertOnlyAt("127.0.0.1", "127.0.0.2", node.wsPort());
      assertOnlyAt("127.0.0.2", "127.0.0.1", node.httpPort());
      assertOnlyAt("127.0.0.3", "127.0.0.1", metrics);
    }
  }

  @Test
  void without_addresses_they_are_reached_at_every_one() throws IOException {
    try (RunningNode node = start()) {
      for (String address : List.of("127.0.0.1", "127.0.0.2")) {
        connect(address, node.wsPort());
        connect(address, node.httpPort());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "HTTP", "METRICS"})
  void an_address_of_another_machine_is_named_with_its_variable(String which) {
    String variable = "REALTIME_" + which + "_ADDRESS";
    assertThatThrownBy(() -> start(variable, "203.0.113.7", "REALTIME_METRICS_PORT", "0").close())
        .isInstanceOf(StartFailedException.class)
        .hasMessageContaining(variable)
        .hasMessageContaining("203.0.113.7");
  }
}
