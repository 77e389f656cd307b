package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cases of RFC 6455 that matter, numbered as the Autobahn test suite numbers them, against a
 * server that echoes texts.
 *
 * <p>A case is a list of frames, {@code first byte:payload}, where a payload is text or {@code
 * 0x…}; {@code 125*a} is a letter so many times. The answers are as {@link RawClient} writes them;
 * one with a question mark may be left out, because what comes at once with it ends the socket.
 */
final class ConformanceTest {
  private static final TestServer SERVER = TestServer.startSingle();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        // 1: framing
        "1.1.1 | 81: | text ",
        "1.1.2 | 81:125*a | text 125*a",
        "1.1.3 | 81:126*a | text 126*a",
        "1.1.4 | 81:127*a | text 127*a",
        "1.1.5 | 81:128*a | text 128*a",
        "1.1.6 | 81:65535*a | text 65535*a",
        "1.1.7 | 81:65536*a | text 65536*a",
        // 2: pings and pongs
        "2.1 | 89: | pong ",
        "2.2 | 89:hello | pong hello",
        "2.4 | 89:125*p | pong 125*p",
        "2.5 | 89:126*p | close 1002",
        "2.7 | 8A: 81:on | text on",
        "2.8 | 8A:unasked 81:on | text on",
        "2.9 | 8A:unasked 89:ping | pong ping",
        "2.10 | 89:1 89:2 89:3 89:4 89:5 | pong 1;pong 2;pong 3;pong 4;pong 5",
        // 3: reserved bits
        "3.1 | 91:a | close 1002",
        "3.2 | 81:a A1:b | ?text a;close 1002",
        "3.3 | 81:a B1:b | ?text a;close 1002",
        "3.5 | C2:a | close 1002",
        "3.6 | D9:a | close 1002",
        "3.7 | F8:a | close 1002",
        // 4: opcodes
        "4.1.1 | 83: | close 1002",
        "4.1.2 | 84:x | close 1002",
        "4.1.3 | 81:a 85: | ?text a;close 1002",
        "4.1.5 | 81:a 87:x | ?text a;close 1002",
        "4.2.1 | 8B: | close 1002",
        "4.2.2 | 8C:x | close 1002",
        "4.2.3 | 81:a 8D: | ?text a;close 1002",
        "4.2.5 | 81:a 8F:x | ?text a;close 1002",
        // 5: fragmentation
        "5.1 | 09:a 80:b | close 1002",
        "5.2 | 0A:a 80:b | close 1002",
        "5.3 | 01:a 80:b | text ab",
        "5.6 | 01:a 89:p 80:b | pong p;text ab",
        "5.8 | 01:a 8A:p 80:b | text ab",
        "5.9 | 80:a 81:b | close 1002",
        "5.12 | 00:a 81:b | close 1002",
        "5.15 | 01:a 80:b 00:c 81:d | ?text ab;close 1002",
        "5.16 | 00:a 01:b 80:c | close 1002",
        "5.18 | 01:a 81:b | close 1002",
        "5.19 | 01:a 00:b 89:p 00:c 00:d 89:q 80:e | pong p;pong q;text abcde",
        "6.1.1 | 81: | text ",
        "6.1.2 | 01: 00: 80: | text ",
        "6.1.3 | 01: 00:a 80: | text a",
        // 6: UTF-8
        "6.2.1 | 81:0xCEBAE1BDB9CF83CEBCCEB5 | text κ\u1F79σμε",
        "6.2.2 | 01:0xCEBAE1BDB9 80:0xCF83CEBCCEB5 | text κ\u1F79σμε",
        "6.2.3 | 01:0xCE 00:0xBA 00:0xE1 00:0xBD 80:0xB9 | text κ\u1F79",
        "6.3.1 | 81:0xCEBAE1BDB9CF83CEBCCEB5EDA080656469746564 | close 1007",
        "6.3.2 | 01:0xCEBA 80:0xEDA080 | close 1007",
        "6.4.1 | 01:0xCEBA 00:0xF4908080 80:a | close 1007",
        "6.5.3 | 81:0xEFBFBF | text \uFFFF",
        "6.6.1 | 81:0xCE | close 1007",
        "6.6.4 | 81:0xE1 | close 1007",
        "6.6.11 | 81:0xF4808080 | text \uDBC0\uDC00",
        "6.7.1 | 81:0x610062 | text a\u0000b",
        "6.8.1 | 81:0xF888808080 | close 1007",
        "6.10.1 | 81:0xF7BFBFBF | close 1007",
        "6.11.5 | 81:0xF4908080 | close 1007",
        "6.12.1 | 81:0x80 | close 1007",
        "6.14.1 | 81:0xC0 | close 1007",
        "6.18.1 | 81:0xC1BF | close 1007",
        "6.19.1 | 81:0xC080 | close 1007",
        "6.20.1 | 81:0xEDA080 | close 1007",
        "6.21.1 | 81:0xEDA080EDB080 | close 1007",
        // 7: closing
        "7.1.1 | 81:a 88:0x03E8 | ?text a;close 1000",
        "7.1.3 | 88:0x03E8 89:p | close 1000",
        "7.1.4 | 88:0x03E8 81:late | close 1000",
        "7.1.5 | 01:a 88:0x03E8 80:b | close 1000",
        "7.3.1 | 88: | close",
        "7.3.2 | 88:a | close 1002",
        "7.3.3 | 88:0x03E8 | close 1000",
        "7.3.4 | 88:0x03E86F6B | close 1000 ok",
        "7.5.1 | 88:0x03E8CEBAED | close 1007",
        "7.7.3 | 88:0x03EB | close 1003",
        "7.7.4 | 88:0x03EF | close 1007",
        "7.7.9 | 88:0x0BB8 | close 3000",
        "7.7.13 | 88:0x1387 | close 4999",
        "7.9.1 | 88:0x0000 | close 1002",
        "7.9.2 | 88:0x03E7 | close 1002",
        "7.9.3 | 88:0x03EC | close 1002",
        "7.9.4 | 88:0x03ED | close 1002",
        "7.9.5 | 88:0x03EE | close 1002",
        "7.9.8 | 88:0x07CF | close 1002",
        // 9: limits, ours
        "9.1 | 81:65537*a | close 1009",
        "9.2 | 01:65536*a 80:b | close 1009",
        "9.3 | 02:65536*a 80:b | close 1009",
      })
  void a_case_is_answered_as_the_protocol_says(String number, String frames, String answers) {
    try (RawClient client = RawClient.open(SERVER.port())) {
      client.send(frames(frames));
      String answer = client.read();
      for (Iterator<String> all = List.of(answers.split(";")).iterator(); all.hasNext(); ) {
        String expected = expanded(all.next().strip());
        boolean may = expected.startsWith("?");
        if (!may) {
          assertAnswer(answer, expected);
        }
        if (all.hasNext() && (!may || answer.equals(expected.substring(1)))) {
          answer = client.read();
        }
      }
      if (answers.contains("close")) {
        client.send(RawClient.closeFrame(1000, ""));
        assertThat(client.isEnded()).isTrue();
      } else {
        assertThat(client.text("still open").read()).isEqualTo("text still open");
      }
    }
  }

  private static void assertAnswer(String answer, String expected) {
    if (expected.startsWith("close")) {
      assertThat(answer).startsWith(expected);
    } else {
      assertThat(answer.strip()).isEqualTo(expected.strip());
    }
  }

  @Test
  void frames_are_understood_however_the_bytes_are_cut() {
    byte[] all = frames("01:a 89:ping 00:0xE282 80:0xAC 81:126*b");
    try (RawClient client = RawClient.open(SERVER.port())) {
      for (byte one : all) {
        client.send(one);
      }
      assertThat(client.read()).isEqualTo("pong ping");
      assertThat(client.read()).isEqualTo("text a€");
      assertThat(client.read()).isEqualTo("text " + "b".repeat(126));
    }
  }

  private static byte[] frames(String list) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String frame : list.strip().split(" ")) {
      String[] parts = frame.split(":", 2);
      all.writeBytes(RawClient.frame(Integer.parseInt(parts[0], 16), payload(parts[1])));
    }
    return all.toByteArray();
  }

  private static byte[] payload(String text) {
    return text.startsWith("0x")
        ? HexFormat.of().parseHex(text.substring(2))
        : expanded(text).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code text 3*a} is {@code text aaa}. */
  private static String expanded(String text) {
    int star = text.indexOf('*');
    if (star < 0) {
      return text;
    }
    int from = text.lastIndexOf(' ', star) + 1;
    int times = Integer.parseInt(text.substring(from, star));
    return text.substring(0, from) + text.substring(star + 1).repeat(times);
  }
}
