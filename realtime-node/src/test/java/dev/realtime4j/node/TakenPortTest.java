package dev.realtime4j.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that another program has; {@code RealtimeNodeIT} tests what the process says then. */
class TakenPortTest {
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "REALTIME_JWT_SECRET", "a secret of more than thirty-two bytes",
              "REALTIME_WS_PORT", "0",
              "REALTIME_HTTP_PORT", "0"));

  @ParameterizedTest
  @ValueSource(strings = {"REALTIME_WS_PORT", "REALTIME_HTTP_PORT", "REALTIME_METRICS_PORT"})
  void is_told_with_its_variable_in_one_line(String name) throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      environment.put(name, String.valueOf(taken.getLocalPort()));

      assertThatThrownBy(() -> RunningNode.start(NodeSettings.read(environment)))
          .isInstanceOf(StartFailedException.class)
          .hasMessageContaining(name)
          .hasNoCause()
          .message()
          .hasLineCount(1);
    }
  }
}
