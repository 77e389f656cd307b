package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as one stream, however they are split and whenever reading is paused. */
final class FrameReaderTest {
  private static final int MAX_MESSAGE = 4096;

  private final List<String> read = new ArrayList<>();
  private BooleanSupplier takesMore = () -> true;

  private final FrameReader reader =
      new FrameReader(
          MAX_MESSAGE,
          new WebSocketCodec(),
          new FrameSink() {
            @Override
            public boolean takesMore() {
              return takesMore.getAsBoolean();
            }

            @Override
            public void text(String text) {
              read.add("text " + text);
            }

            @Override
            public void binary() {
              read.add("binary");
            }

            @Override
            public void ping(ByteBuffer payload) {
              read.add("ping " + StandardCharsets.UTF_8.decode(payload));
            }

            @Override
            public void pong() {
              read.add("pong");
            }

            @Override
            public void close(int code, String reason) {
              read.add("close " + code + " " + reason);
            }
          });

  private static byte[] text(String text) {
    return RawClient.frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void several_frames_that_were_held_are_several_frames() throws Exception {
    takesMore = () -> false;
    reader.read(ByteBuffer.wrap(RawClient.join(text("one"), text("two"), text("three"))));
    assertThat(read).isEmpty();

    takesMore = () -> true;
    reader.readHeld();

    assertThat(read).containsExactly("text one", "text two", "text three");
  }

  @Test
  void frames_that_come_behind_held_ones_are_read_behind_them() throws Exception {
    takesMore = () -> false;
    reader.read(ByteBuffer.wrap(RawClient.join(text("one"), text("two"))));
    takesMore = () -> true;

    reader.read(ByteBuffer.wrap(text("three")));

    assertThat(read).containsExactly("text one", "text two", "text three");
  }

  @Test
  void a_sink_that_takes_one_at_a_time_gets_one_at_a_time() throws Exception {
    int[] room = {0};
    takesMore = () -> read.size() < room[0];
    reader.read(ByteBuffer.wrap(RawClient.join(text("one"), text("two"), text("three"))));

    for (int taken = 1; taken <= 3; taken++) {
      room[0] = taken;
      reader.readHeld();
      assertThat(read).hasSize(taken);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void any_frames_in_any_pieces_with_any_pauses_are_read_in_order(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 250; round++) {
      read.clear();
      List<String> expected = new ArrayList<>();
      byte[] all = messages(random, expected);
      int generosity = 1 + random.nextInt(10);
      takesMore = () -> random.nextInt(10) < generosity;
      for (int from = 0; from < all.length; ) {
        int most = random.nextInt(8) == 0 ? 2000 : 20;
        int to = Math.min(all.length, from + 1 + random.nextInt(most));
        reader.read(ByteBuffer.wrap(all, from, to - from));
        if (random.nextInt(4) == 0) {
          reader.readHeld();
        }
        from = to;
      }
      takesMore = () -> true;
      reader.readHeld();
      assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  /** Whole and fragmented messages with control frames between them, and what they are. */
  private static byte[] messages(Random random, List<String> expected) {
    byte[] all = {};
    for (int i = random.nextInt(30); i >= 0; i--) {
      String text = "é".repeat(random.nextInt(random.nextInt(6) == 0 ? 900 : 5)) + i;
      boolean binary = random.nextInt(5) == 0;
      byte[] payload = text.getBytes(StandardCharsets.UTF_8);
      int opcode = binary ? 2 : 1;
      for (int from = 0; from < payload.length; opcode = 0) {
        int size = 1 + random.nextInt(random.nextBoolean() ? 3 : 4000);
        int to = Math.min(payload.length, from + size);
        int last = to == payload.length ? 0x80 : 0;
        byte[] part = Arrays.copyOfRange(payload, from, to);
        all = RawClient.join(all, RawClient.frame(last | opcode, part));
        if (last == 0 && random.nextInt(3) == 0) {
          all = RawClient.join(all, RawClient.frame(0x89, (byte) ('a' + random.nextInt(26))));
          expected.add("ping " + (char) (all[all.length - 1] ^ 0x12));
        }
        from = to;
      }
      expected.add(binary ? "binary" : "text " + text);
    }
    return all;
  }
}
