package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTest {
  private static final int ROOM = 1000;

  @ParameterizedTest
  @CsvSource({
    "81 80,                            6",
    "81 85,                            11",
    "81 FD,                            131",
    "01 FE 03 E8,                      1008",
    "81 FE 00 7E,                      134",
    "82 FF 00 00 00 00 00 01 00 00,    65550",
    "89 FD,                            131",
    "88 82,                            8",
  })
  void reads_the_size_of_a_frame(String header, int size) throws ProtocolViolation {
    assertThat(FrameHeader.sizeOfNext(bytes(header), false, 65_536)).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"81", "81 FE", "81 FE 00", "81 FF 00 00 00 00 00 00 03"})
  void waits_for_the_rest_of_a_header(String header) throws ProtocolViolation {
    assertThat(FrameHeader.sizeOfNext(bytes(header), false, ROOM))
        .isEqualTo(FrameHeader.HEADER_INCOMPLETE);
  }

  @Test
  void an_empty_buffer_is_no_header() throws ProtocolViolation {
    assertThat(FrameHeader.sizeOfNext(ByteBuffer.allocate(0), false, ROOM))
        .isEqualTo(FrameHeader.HEADER_INCOMPLETE);
  }

  @ParameterizedTest
  @CsvSource({
    "C1,                              1002, false", // reserved bits
    "A1,                              1002, false",
    "91,                              1002, false",
    "83,                              1002, false", // opcodes
    "87,                              1002, false",
    "8B,                              1002, false",
    "8F,                              1002, false",
    "09,                              1002, false", // a fragmented control frame
    "08,                              1002, false",
    "80,                              1002, false", // a continuation of nothing
    "00,                              1002, false",
    "81,                              1002, true", // a message inside a message
    "02,                              1002, true",
    "81 05,                           1002, false", // no mask
    "89 FE,                           1002, false", // a long control frame
    "88 FF,                           1002, false",
    "88 81,                           1002, false", // half a close code
    "81 FE 03 E9,                     1009, false", // one byte too many
    "82 FE 03 E9,                     1009, false",
    "80 FE 03 E9,                     1009, true",
    "81 FF 40 00 00 00 00 00 00 00,   1009, false",
    "81 FF FF FF FF FF FF FF FF FF,   1002, false", // the first bit of a length
    "81 FF 80 00 00 00 00 00 00 00,   1002, false",
    "81 FE 00 7D,                     1002, false", // lengths that are not in their shortest form
    "81 FE 00 00,                     1002, false",
    "82 FE 00 05,                     1002, false",
    "00 FE 00 7D,                     1002, true",
    "81 FF 00 00 00 00 00 00 03 E8,   1002, false",
    "81 FF 00 00 00 00 00 00 FF FF,   1002, false",
    "81 FF 00 00 00 00 00 00 00 01,   1002, false",
    "81 FF 00 00 00 01 00 00 00 00,   1009, false",
  })
  void refuses_what_is_not_allowed(String header, int code, boolean inMessage) {
    assertThatThrownBy(() -> FrameHeader.sizeOfNext(bytes(header), inMessage, ROOM))
        .isInstanceOfSatisfying(
            ProtocolViolation.class, e -> assertThat(e.closeCode()).isEqualTo(code));
  }

  @Test
  void control_frames_pass_between_fragments_even_when_the_message_is_full()
      throws ProtocolViolation {
    assertThat(FrameHeader.sizeOfNext(bytes("89 84"), true, 0)).isEqualTo(10);
    assertThat(FrameHeader.sizeOfNext(bytes("80 80"), true, 0)).isEqualTo(6);
  }

  @Test
  void reads_where_the_buffer_stands_and_leaves_it_there() throws ProtocolViolation {
    ByteBuffer in = bytes("FF FF 81 85").position(2);
    assertThat(FrameHeader.sizeOfNext(in, false, ROOM)).isEqualTo(11);
    assertThat(in.position()).isEqualTo(2);
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex));
  }
}
