package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static final TestServer SERVER = TestServer.start();

  private TestServer.Opened opened = SERVER.open();
  private RawClient client = opened.client();
  private TestSession session = opened.session();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @AfterEach
  void hangUp() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 4096, 65535, TestServer.MAX_MESSAGE})
  void texts_of_all_sizes_come_and_go(int size) {
    String text = "x".repeat(size);
    assertThat(client.text(text).receive().text()).isEqualTo(text);
  }

  @Test
  void many_frames_in_one_segment_and_one_frame_in_many_segments() {
    byte[] all = {};
    Random random = new Random(42);
    for (int i = 0; i < 300; i++) {
      all =
          RawClient.join(
              all,
              RawClient.frame(
                  0x81, ("m" + i + "-" + "é".repeat(i)).getBytes(StandardCharsets.UTF_8)));
    }
    for (int from = 0; from < all.length; ) {
      int to = Math.min(all.length, from + 1 + random.nextInt(from % 3 == 0 ? 5 : 2000));
      client.send(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    for (int i = 0; i < 300; i++) {
      assertThat(client.read()).isEqualTo("text m" + i + "-" + "é".repeat(i));
    }
  }

  @Test
  void fragments_with_control_frames_between_them_are_one_message() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    client.send(RawClient.frame(0x01, (byte) 'a', euro[0]));
    assertThat(client.send(RawClient.frame(0x89, (byte) '1')).read()).isEqualTo("pong 1");
    client.send(RawClient.frame(0x00));
    client.send(RawClient.frame(0x8A));
    client.send(RawClient.frame(0x00, euro[1]));
    assertThat(client.send(RawClient.frame(0x89, (byte) '2')).read()).isEqualTo("pong 2");
    client.send(RawClient.frame(0x80, euro[2], (byte) 'z'));
    assertThat(client.read()).isEqualTo("text a€z");
    assertThat(client.text("next").read()).isEqualTo("text next");
  }

  @Test
  void halves_of_frames_and_messages_of_several_sockets_are_not_mixed_up() {
    List<byte[]> pending = new ArrayList<>();
    List<RawClient> clients =
        Stream.generate(() -> RawClient.open(SERVER.port())).limit(6).toList();
    for (int i = 0; i < clients.size(); i++) {
      byte[] begin = RawClient.frame(0x01, ("begin " + i).getBytes(StandardCharsets.UTF_8));
      byte[] end = RawClient.frame(0x80, (" end " + i).getBytes(StandardCharsets.UTF_8));
      byte[] all = RawClient.join(begin, end);
      int half = begin.length + end.length / 2;
      clients.get(i).send(Arrays.copyOf(all, half));
      assertThat(client.text("between").read()).isEqualTo("text between");
      pending.add(Arrays.copyOfRange(all, half, all.length));
    }
    for (int i = 0; i < clients.size(); i++) {
      assertThat(clients.get(i).send(pending.get(i)).read())
          .isEqualTo("text begin " + i + " end " + i);
    }
    clients.forEach(RawClient::close);
  }

  @Test
  void a_binary_message_is_unreadable_also_in_fragments() {
    client.send(RawClient.frame(0x82, (byte) 1, (byte) 2));
    assertThat(session.next()).isEqualTo("unreadable");
    client.send(RawClient.frame(0x02, (byte) 0xFF));
    client.send(RawClient.frame(0x80, (byte) 0xFF));
    assertThat(session.next()).isEqualTo("unreadable");
    assertThat(client.text("still open").read()).isEqualTo("text still open");
  }

  @Test
  void pings_are_answered_and_pongs_are_not() {
    client.send(RawClient.frame(0x8A, (byte) 'x'));
    byte[] longest = "p".repeat(125).getBytes(StandardCharsets.UTF_8);
    assertThat(client.send(RawClient.frame(0x89, longest)).read())
        .isEqualTo("pong " + "p".repeat(125));
    assertThat(client.send(RawClient.frame(0x89)).read()).isEqualTo("pong ");
  }

  @Test
  void each_of_many_pings_at_once_is_answered_in_order() {
    byte[] pings = {};
    for (int i = 1; i <= 1000; i++) {
      pings = RawClient.join(pings, RawClient.frame(0x89, ("" + i).getBytes()));
    }
    client.send(pings);
    for (int i = 1; i <= 1000; i++) {
      assertThat(client.read()).isEqualTo("pong " + i);
    }
  }

  @Test
  void pipelined_frames_survive_pauses_of_the_session() {
    SERVER.onText =
        (echo, text) -> {
          echo.send(text);
          echo.connection.pauseReading();
          echo.connection.resumeReading(); // As an inbox that is full for a moment.
        };
    try {
      byte[] all = {};
      for (int i = 0; i < 2000; i++) {
        all = RawClient.join(all, RawClient.frame(0x81, ("call " + i).getBytes()));
      }
      client.send(all);
      for (int i = 0; i < 2000; i++) {
        assertThat(client.read()).isEqualTo("text call " + i);
      }
    } finally {
      SERVER.onText = TestSession::send;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "81 02 68 69,                                1002", // no mask
    "C1 81 00 00 00 00 61,                       1002", // reserved bit
    "83 80 00 00 00 00,                          1002", // unknown opcodes
    "8B 80 00 00 00 00,                          1002",
    "09 80 00 00 00 00,                          1002", // a fragmented ping
    "89 FE 00 7E,                                1002", // a long ping
    "80 80 00 00 00 00,                          1002", // a continuation of nothing
    "01 80 00 00 00 00 81 80 00 00 00 00,        1002", // a message in a message
    "88 81 00 00 00 00 03,                       1002", // half a close code
    "88 82 00 00 00 00 03 ED,                    1002", // codes nobody may send: 1005
    "88 82 00 00 00 00 03 EE,                    1002", // 1006
    "88 82 00 00 00 00 00 00,                    1002", // 0
    "88 82 00 00 00 00 07 D0,                    1002", // 2000
    "88 82 00 00 00 00 13 88,                    1002", // 5000
    "88 83 00 00 00 00 03 E8 FF,                 1007", // a reason that is not UTF-8
    "81 81 00 00 00 00 FF,                       1007", // not UTF-8
    "81 82 00 00 00 00 E2 82,                    1007", // ends within a character
    "81 82 00 00 00 00 C0 80,                    1007", // overlong
    "81 83 00 00 00 00 ED A0 80,                 1007", // a surrogate
    "01 81 00 00 00 00 E2 80 81 00 00 00 00 61,  1007", // broken over fragments
    "81 FF 40 00 00 00 00 00 00 00 00 00 00 00,  1009", // 2^62 bytes
    "81 FF 80 00 00 00 00 00 00 00 00 00 00 00,  1002", // 2^63 bytes
    "81 FE 00 05 00 00 00 00,                    1002", // 5 bytes in the longer form
    "81 FF 00 00 00 00 00 00 00 7E 00 00 00 00,  1002", // 126 bytes in the longest
    "01 81 00 00 00 00 61 80 FE 00 01 00 00 00 00 62, 1002", // in a fragment
    "82 FF 00 00 00 00 00 01 00 01 00 00 00 00,  1009", // one byte too many
  })
  void what_is_against_the_rules_closes_the_socket(String hex, int code) {
    client.send(HexFormat.ofDelimiter(" ").parseHex(hex));
    assertThat(client.read()).startsWith("close " + code + " ");
    assertThat(client.isEnded()).isTrue();
    client.close();
    assertThat(session.next()).startsWith("closed " + code + " ");
  }

  @Test
  void after_a_violation_nothing_is_delivered() {
    client.send(
        RawClient.join(
            RawClient.frame(0x81, (byte) 'a'),
            RawClient.frame(0x83),
            RawClient.frame(0x81, (byte) 'b')));
    client.text("c");
    assertThat(client.read()).startsWith("close 1002 ");
    assertThat(client.isEnded()).isTrue();
    client.close();
    assertThat(session.next()).isEqualTo("text a");
    assertThat(session.next()).startsWith("closed 1002 ");
  }

  @Test
  void the_sum_over_fragments_is_bounded() {
    byte[] half = new byte[TestServer.MAX_MESSAGE / 2];
    client.send(RawClient.frame(0x02, half)).send(RawClient.frame(0x00, half));
    client.send(RawClient.frame(0x80, (byte) 1));
    assertThat(client.read()).startsWith("close 1009 ");
  }

  @Test
  void the_number_of_fragments_is_bounded() {
    byte[] all = RawClient.frame(0x01);
    for (int i = 0; i < Fragments.MAX_FRAGMENTS; i++) {
      all = RawClient.join(all, RawClient.frame(0x00));
    }
    client.send(all);
    assertThat(client.read()).startsWith("close 1009 ");
  }

  @Test
  void random_bytes_end_in_a_close_and_disturb_nobody() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[1 + random.nextInt(400)];
      random.nextBytes(noise);
      try (RawClient victim = RawClient.open(SERVER.port())) {
        victim.send(noise);
      }
    }
    assertThat(client.text("undisturbed").read()).isEqualTo("text undisturbed");
  }
}
