package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PROXY headers, byte by byte. */
final class ProxyHeaderTest {
  private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";

  /** Reads as a stage does: never more than what is lacking. The rest stays in the buffer. */
  private static String source(ByteBuffer all) throws ProxyHeader.MalformedException {
    ByteBuffer read = ByteBuffer.allocate(all.capacity());
    int lacking = ProxyHeader.lacking(read.duplicate().flip());
    while (lacking > 0) {
      if (lacking > all.remaining()) {
        return "incomplete";
      }
      read.put(all.slice(all.position(), lacking));
      all.position(all.position() + lacking);
      lacking = ProxyHeader.lacking(read.duplicate().flip());
    }
    InetAddress source = ProxyHeader.parse(read.flip()).source();
    return source == null ? "own" : source.getHostAddress();
  }

  private static String source(byte[] bytes, String rest) throws ProxyHeader.MalformedException {
    ByteBuffer all =
        ByteBuffer.wrap(RawClient.join(bytes, rest.getBytes(StandardCharsets.US_ASCII)));
    String source = source(all);
    assertThat(StandardCharsets.US_ASCII.decode(all).toString()).isEqualTo(rest);
    return source;
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.7 10.0.0.1 56324 443, 192.0.2.7",
    "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255",
    "PROXY TCP4 1.2.3.4 5.6.7.8 0 0, 1.2.3.4",
    "PROXY TCP6 2001:db8::7 ::1 56324 443, 2001:db8:0:0:0:0:0:7",
    "PROXY TCP6 ::ffff:192.0.2.7 ::1 56324 443, 192.0.2.7",
    "PROXY UNKNOWN, own",
    "PROXY UNKNOWN ffff::1 ffff::2 65535 65535, own",
    "PROXY UNKNOWN what ever, own",
  })
  void version_1_names_the_client(String line, String source) throws Exception {
    byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(source(bytes, "GET /ws HTTP/1.1")).isEqualTo(source);
    assertThat(source(bytes, "")).isEqualTo(source);
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.7 10.0.0.1 56324",
    "'PROXY TCP4 192.0.2.7 10.0.0.1 56324 443 '",
    "PROXY TCP4  192.0.2.7 10.0.0.1 56324 443",
    "PROXY TCP4 192.0.2.7 10.0.0.1 56324 65536",
    "PROXY TCP4 192.0.2.7 10.0.0.1 -1 443",
    "PROXY TCP4 192.0.2.7 10.0.0.1 +1 443",
    "PROXY TCP4 192.0.2.7 10.0.0.1 00080 443",
    "PROXY TCP4 192.0.2.7 10.0.0.1 56324 01",
    "PROXY TCP4 192.0.2 10.0.0.1 56324 443",
    "PROXY TCP4 192.0.2.256 10.0.0.1 56324 443",
    "PROXY TCP4 localhost 10.0.0.1 56324 443",
    "PROXY TCP4 2001:db8::7 ::1 56324 443",
    "PROXY TCP6 192.0.2.7 10.0.0.1 56324 443",
    "PROXY TCP6 1:2:3 ::1 56324 443",
    "PROXY TCP6 fe80::1%eth0 ::1 56324 443",
    "PROXY TCP5 192.0.2.7 10.0.0.1 56324 443",
    "PROXY UDP4 192.0.2.7 10.0.0.1 56324 443",
    "proxy TCP4 192.0.2.7 10.0.0.1 56324 443",
    "GET /ws HTTP/1.1",
  })
  void what_is_no_version_1_is_malformed(String line) {
    byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> source(bytes, "rest"))
        .isInstanceOf(ProxyHeader.MalformedException.class);
  }

  @Test
  void version_1_is_bounded_and_not_ended_by_a_line_feed_alone() {
    byte[] endless = ("PROXY UNKNOWN " + "x".repeat(200)).getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> source(endless, "")).hasMessageContaining("too many bytes");
    byte[] bare = ("PROXY UNKNOWN\n" + "x".repeat(200)).getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> source(bare, "")).isInstanceOf(ProxyHeader.MalformedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "21 11 000C C0000207 0A000001 DC04 01BB, 192.0.2.7",
    "21 21 0024 20010DB8000000000000000000000007 00000000000000000000000000000001 DC04 01BB, "
        + "2001:db8:0:0:0:0:0:7",
    "21 11 0013 C0000207 0A000001 DC04 01BB EA 0004 01020304, 192.0.2.7", // a value of AWS
    "21 11 000F C0000207 0A000001 DC04 01BB 04 0000, 192.0.2.7", // no operation
    "20 00 0000, own", // a health check
    "20 11 000C C0000207 0A000001 DC04 01BB, own",
    "21 00 0000, own", // unspecified
    "21 00 0005 0102030405, own",
    "21 12 000C C0000207 0A000001 DC04 01BB, own", // datagrams
  })
  void version_2_names_the_client(String hex, String source) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
    assertThat(source(bytes, "GET /ws HTTP/1.1")).isEqualTo(source);
  }

  @Test
  void version_2_over_a_local_socket_names_nobody() throws Exception {
    byte[] bytes = HexFormat.of().parseHex(SIGNATURE + "213100D8" + "41".repeat(216));
    assertThat(source(bytes, "rest")).isEqualTo("own");
  }

  @ParameterizedTest
  @CsvSource({
    "31 11 000C C0000207 0A000001 DC04 01BB", // version 3
    "11 11 000C C0000207 0A000001 DC04 01BB",
    "22 11 000C C0000207 0A000001 DC04 01BB", // an unknown command
    "21 41 000C C0000207 0A000001 DC04 01BB", // an unknown family
    "21 13 000C C0000207 0A000001 DC04 01BB",
    "21 11 000B C0000207 0A000001 DC04 01", // too short for its addresses
    "21 21 000C C0000207 0A000001 DC04 01BB",
    "21 11 000D C0000207 0A000001 DC04 01BB EA", // half a value
    "21 11 000F C0000207 0A000001 DC04 01BB EA 0001", // a value that is too long
    "21 11 0010 C0000207 0A000001 DC04 01BB 03 0001 00", // a checksum of one byte
    "21 11 0013 C0000207 0A000001 DC04 01BB 03 0004 00000000", // a wrong checksum
    "21 11 FFFF",
  })
  void what_is_no_version_2_is_malformed(String hex) {
    byte[] bytes = HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
    assertThatThrownBy(() -> source(bytes, "")).isInstanceOf(ProxyHeader.MalformedException.class);
  }

  @Test
  void a_checksum_is_compared() throws Exception {
    byte[] bytes =
        HexFormat.of()
            .parseHex(SIGNATURE + "21110013" + "C00002070A000001DC0401BB" + "03000400000000");
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) sum.getValue());
    assertThat(source(bytes, "rest")).isEqualTo("192.0.2.7");
  }

  @Test
  void noise_is_malformed_or_incomplete_and_nothing_else() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      byte[] start =
          random.nextBoolean()
              ? HexFormat.of().parseHex(SIGNATURE)
              : "PROXY TCP4 ".getBytes(StandardCharsets.US_ASCII);
      try {
        assertThat(source(ByteBuffer.wrap(RawClient.join(start, noise)))).isNotEmpty();
      } catch (ProxyHeader.MalformedException expected) {
        assertThat(expected).hasMessageContaining("PROXY header");
      }
    }
  }
}
