package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameRunTest {
  private final FrameRun run = new FrameRun();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 200_000})
  void writes_the_same_bytes_whatever_the_pieces(int size) {
    byte[] payload = payload(size);
    for (int piece : new int[] {1, 3, 7, 4096, 1 << 20}) {
      run.addText(payload);
      run.addRaw(new byte[] {9, 9});
      assertThat(drain(piece)).isEqualTo(RawClient.join(expected(payload), new byte[] {9, 9}));
      assertThat(run.isEmpty()).isTrue();
      assertThat(run.bytes()).isZero();
    }
  }

  @Test
  void keeps_many_frames_in_order() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < FrameRun.MAX_FRAMES; i++) {
      byte[] payload = payload(i);
      run.addText(payload);
      all.writeBytes(expected(payload));
    }
    assertThat(run.isFull()).isTrue();
    assertThat(drain(100)).isEqualTo(all.toByteArray());
  }

  @Test
  void makes_room_behind_what_is_half_written() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      byte[] payload = payload(10);
      run.addText(payload);
      all.writeBytes(expected(payload));
      write(11, out);
    }
    out.writeBytes(drain(1000));
    assertThat(out.toByteArray()).isEqualTo(all.toByteArray());
  }

  @Test
  void what_is_put_in_front_goes_behind_the_begun_frame_in_its_own_order() {
    run.addText(payload(10));
    run.addText(payload(20));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(5, out);
    for (byte i = 1; i <= 20; i++) {
      run.addInFront(new byte[] {i, i});
    }
    out.writeBytes(drain(3));
    byte[] expected = expected(payload(10));
    for (byte i = 1; i <= 20; i++) {
      expected = RawClient.join(expected, new byte[] {i, i});
    }
    assertThat(out.toByteArray()).isEqualTo(RawClient.join(expected, expected(payload(20))));
    assertThat(run.bytes()).isZero();
  }

  @Test
  void what_is_put_in_front_comes_first_where_nothing_is_begun() {
    run.addText(payload(10));
    run.addInFront(new byte[] {1});
    run.addInFront(new byte[] {2});
    assertThat(drain(100)).isEqualTo(RawClient.join(new byte[] {1, 2}, expected(payload(10))));
  }

  @Test
  void dropping_texts_keeps_the_begun_one_and_the_raw_ones() {
    run.addText(payload(10));
    run.addText(payload(20));
    run.addRaw(new byte[] {7});
    run.addText(payload(30));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(1, out);
    run.dropTexts();
    out.writeBytes(drain(100));
    assertThat(out.toByteArray()).isEqualTo(RawClient.join(expected(payload(10)), new byte[] {7}));
    assertThat(run.bytes()).isZero();
  }

  @Test
  void dropping_texts_of_which_none_is_begun_leaves_nothing() {
    run.addText(payload(10));
    run.addText(payload(10));
    run.dropTexts();
    assertThat(run.isEmpty()).isTrue();
    assertThat(run.bytes()).isZero();
  }

  private byte[] drain(int piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!run.isEmpty()) {
      write(piece, out);
    }
    return out.toByteArray();
  }

  private void write(int piece, ByteArrayOutputStream out) {
    ByteBuffer buffer = ByteBuffer.allocate(piece);
    run.copyInto(buffer);
    run.skip(buffer.position());
    out.write(buffer.array(), 0, buffer.position());
  }

  private static byte[] payload(int size) {
    byte[] payload = new byte[size];
    Arrays.setAll(new Integer[size], i -> (int) (payload[i] = (byte) (i * 31 + size)));
    return payload;
  }

  private static byte[] expected(byte[] payload) {
    int size = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(10 + size).put((byte) 0x81);
    if (size < 126) {
      frame.put((byte) size);
    } else if (size < 65536) {
      frame.put((byte) 126).putShort((short) size);
    } else {
      frame.put((byte) 127).putLong(size);
    }
    frame.put(payload);
    return Arrays.copyOf(frame.array(), frame.position());
  }
}
