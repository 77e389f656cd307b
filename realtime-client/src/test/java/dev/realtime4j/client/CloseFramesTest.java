package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a close frame says, as it is on the wire, and what the client makes of it. */
@Timeout(30)
class CloseFramesTest {
  private static RealtimeClient to(FrameServer server, List<ConnectionChange> changes) {
    RealtimeClient client = RealtimeClient.builder().endpoint(server.uri()).token("secret").build();
    client.onState(changes::add);
    return client;
  }

  private static FrameServer.Script welcomeThen(String bytes) {
    return (in, out) -> {
      out.write(FrameServer.text(FrameServer.WELCOME));
      out.write(HexFormat.of().parseHex(bytes));
      out.flush();
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no close frame at all, '', 1006",
    "no code, 8800, 1005",
    "half a code, 880103, 1002",
    "999, 880203e7, 1002",
    "1001 of a gateway, 880203e9, 1001",
    "1004, 880203ec, 1002",
    "1005 on the wire, 880203ed, 1002",
    "1006 on the wire, 880203ee, 1002",
    "1011, 880203f3, 1011",
    "1013, 880203f5, 1013",
    "1014, 880203f6, 1014",
    "1015 on the wire, 880203f7, 1002",
    "5000, 88021388, 1002",
    "1000 and a reason that is no text, 880403e8c328, 1002",
    "a code of a gateway's own, 88020bb8, 3000",
  })
  void all_that_is_not_on_purpose_is_the_network(String what, String bytes, int code)
      throws Exception {
    List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
    try (FrameServer server = new FrameServer(welcomeThen(bytes));
        RealtimeClient client = to(server, changes)) {
      client.connect();

      await().atMost(Duration.ofSeconds(20)).until(() -> server.accepted.size() >= 2);
      assertThat(client.state()).as(what).isNotEqualTo(ConnectionState.FAILED);
      assertThat(changes)
          .anyMatch(change -> String.valueOf(change.cause()).contains("with code " + code));
    }
  }

  @ParameterizedTest
  @CsvSource({"880203e8, 1000", "88061133676f6e65, 4403: gone"})
  void what_was_said_on_purpose_ends_it(String bytes, String told) throws Exception {
    List<ConnectionChange> changes = new CopyOnWriteArrayList<>();
    try (FrameServer server = new FrameServer(welcomeThen(bytes));
        RealtimeClient client = to(server, changes)) {
      client.connect();

      await().until(() -> client.state() == ConnectionState.FAILED);
      await()
          .untilAsserted(
              () ->
                  assertThat(changes)
                      .anyMatch(change -> String.valueOf(change.cause()).contains(told)));
      assertThat(server.accepted).hasSize(1);
    }
  }
}
