package dev.realtime4j.server.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes on the bus, which nodes of other versions read and write. */
class EnvelopeTest {
  private static final String ID = "0190f3a2-7c1d-7e60-9c1b-5a3d2e1f0a9b";

  private final Envelope envelope = new Envelope(new ServerId("node-1"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String sealed(@Nullable String label, String body) {
    return text(envelope.seal(new BusMessage(label, bytes(body))));
  }

  private static void opens(String sealed, @Nullable String label, String body) {
    BusMessage message = Envelope.open(bytes(sealed));
    assertThat(message.label()).isEqualTo(label);
    assertThat(text(message.body())).isEqualTo(body);
  }

  @Test
  void what_a_node_sends_are_the_bytes_of_every_version() {
    assertThat(sealed(null, "{\"event\":\"é\"}")).isEqualTo("node-1\n{\"event\":\"é\"}");
    assertThat(sealed(null, "recount")).isEqualTo("node-1\nrecount");
    assertThat(sealed("", "{}")).isEqualTo("node-1\n\n{}");
    assertThat(sealed(ID, "{}")).isEqualTo("node-1\n" + ID + "\n{}");
  }

  @Test
  void what_nodes_of_every_version_send_is_read() {
    opens("node-2\n{\"a\":\"\\n\"}", null, "{\"a\":\"\\n\"}");
    opens("node-2\nrecount", null, "recount");
    opens("node-2\n\n{}", "", "{}");
    opens("node-2\n" + ID + "\n{}", ID, "{}");
    opens("n".repeat(64) + "\n{}", null, "{}");
  }

  @Test
  void what_a_store_publishes_itself_has_no_origin() {
    opens("\n{\"status\":\"BUSY\"}", null, "{\"status\":\"BUSY\"}");
    opens("{\"status\":\"BUSY\"}", null, "{\"status\":\"BUSY\"}");
  }

  @Test
  void a_node_knows_its_own() {
    assertThat(envelope.isOwn(envelope.seal(BusMessage.of(bytes("{}"))))).isTrue();
    assertThat(envelope.isOwn(envelope.seal(BusMessage.of(bytes(""))))).isTrue();
    assertThat(envelope.isOwn(bytes("node-12\n{}"))).isFalse();
    assertThat(envelope.isOwn(bytes("node-2\nnode-1\n{}"))).isFalse();
    assertThat(envelope.isOwn(bytes("\n{}"))).isFalse();
    assertThat(envelope.isOwn(bytes("node-1"))).isFalse();
  }

  @Test
  void what_no_node_and_no_store_sends_is_refused_or_is_no_event() {
    for (String sealed : new String[] {"", "node-1", "x".repeat(65) + "\n{}"}) {
      assertThatThrownBy(() -> Envelope.open(bytes(sealed))).isInstanceOf(RealtimeException.class);
    }
    for (String sealed :
        new String[] {
          "\n", "node-2\n", "node-2\n\n", "node-2\n{", "n\n" + "x".repeat(257) + "\n{}"
        }) {
      BusMessage opened = Envelope.open(bytes(sealed));
      assertThatThrownBy(opened::event)
          .as(sealed)
          .isInstanceOf(RealtimeException.class)
          .hasMessageContaining("no event");
    }
  }
}
