package dev.realtime4j.client.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWatchTest {
  private final FrameWatch watch = new FrameWatch();

  private void see(String hex) {
    watch.see(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8100", "8a00", "8902aabb", "817e0003616263", "817f0000000000000003616263"})
  void a_frame_is_arriving_from_its_first_byte_to_its_last(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    for (int i = 0; i < bytes.length; i++) {
      assertThat(watch.isInside()).isEqualTo(i > 0);
      watch.see(ByteBuffer.wrap(bytes, i, 1));
    }
    assertThat(watch.isInside()).isFalse();
    assertThat(watch.isClosed()).isFalse();
  }

  @Test
  void a_message_in_fragments_is_arriving_until_the_last_of_them() {
    see("010161");
    assertThat(watch.isInside()).isTrue();
    see("8900"); // a ping between them
    assertThat(watch.isInside()).isTrue();
    see("000162" + "800163");
    assertThat(watch.isInside()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "8800, 1005, ''",
    "880103, 1002, ''",
    "880203e8, 1000, ''",
    "880503e9627965, 1001, bye",
    "880203ec, 1002, ''",
    "88020bb8, 3000, ''",
    "88021388, 1002, ''",
    "880403e8c328, 1002, ''",
  })
  void a_close_frame_is_read_as_it_is_and_nothing_behind_it(String hex, int code, String reason) {
    see("8103616263" + hex.substring(0, 2));
    see(hex.substring(2) + "880203e8");
    assertThat(watch.isClosed()).isTrue();
    assertThat(watch.closeCode()).isEqualTo(code);
    assertThat(watch.closeReason()).isEqualTo(reason);
  }
}
