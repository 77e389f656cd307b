package dev.realtime4j.server.internal.websocket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says in front of a connection's bytes about whose it is: the PROXY protocol,
 * versions 1 and 2. Pure functions of the bytes.
 *
 * @param source the client's address; null when the connection is the proxy's own, or the client's
 *     is none of IP
 */
record ProxyHeader(@Nullable InetAddress source) {
  /** Version 2 could have 64 KiB; proxies put a certificate's names into it, and no more. */
  static final int MAX_BYTES = 4096;

  /** The shortest of version 1; a byte less than that of version 2. */
  private static final int SHORTEST = 15;

  /** By the specification, the line's end included. */
  private static final int V1_MAX_BYTES = 107;

  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final int V2_FIXED = 16;
  private static final int TLV_CRC32C = 0x03;

  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");
  private static final String PORT = "(0|[1-9][0-9]{0,4})";
  private static final Pattern V1_ADDRESSES =
      Pattern.compile("PROXY TCP([46]) (\\S+) (\\S+) " + PORT + " " + PORT);
  private static final Pattern V1_UNKNOWN = Pattern.compile("PROXY UNKNOWN(?: .*)?");

  /** It is no PROXY header, or none that is whole. Has no stack trace: it is no bug. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private MalformedException(String message) {
      super(message, null, false, false);
    }
  }

  /** Whether these bytes begin as a header does. */
  static boolean isBegun(ByteBuffer in) {
    return (in.remaining() >= V1.length && begins(in, V1))
        || (in.remaining() >= V2.length && begins(in, V2));
  }

  /**
   * How many bytes may be read next without reading behind the header; 0 when it is complete.
   *
   * @param in all that was read so far
   * @throws MalformedException as soon as it can be no header
   */
  static int lacking(ByteBuffer in) throws MalformedException {
    int count = in.remaining();
    boolean one = begins(in, V1);
    if (!one && !begins(in, V2)) {
      throw new MalformedException("no PROXY header");
    }
    if (count < SHORTEST) {
      return SHORTEST - count;
    }
    if (one) {
      boolean ended = at(in, count - 2) == '\r' && at(in, count - 1) == '\n';
      if (!ended && count >= V1_MAX_BYTES) {
        throw new MalformedException("a PROXY header of version 1 has too many bytes");
      }
      return ended ? 0 : 1;
    }
    if (count < V2_FIXED) {
      return V2_FIXED - count;
    }
    int whole = V2_FIXED + (in.getShort(in.position() + 14) & 0xFFFF);
    if (whole > MAX_BYTES) {
      throw new MalformedException("a PROXY header has at most " + MAX_BYTES + " bytes");
    }
    return whole - count;
  }

  private static boolean begins(ByteBuffer in, byte[] with) {
    int count = Math.min(with.length, in.remaining());
    for (int i = 0; i < count; i++) {
      if (at(in, i) != with[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte at(ByteBuffer in, int index) {
    return in.get(in.position() + index);
  }

  /** Reads a complete header. */
  static ProxyHeader parse(ByteBuffer in) throws MalformedException {
    byte[] all = new byte[in.remaining()];
    in.duplicate().get(all);
    return all[0] == V1[0] ? one(all) : two(ByteBuffer.wrap(all));
  }

  private static ProxyHeader one(byte[] all) throws MalformedException {
    String line = new String(all, 0, all.length - 2, StandardCharsets.ISO_8859_1);
    Matcher addresses = V1_ADDRESSES.matcher(line);
    if (V1_UNKNOWN.matcher(line).matches()) {
      return new ProxyHeader(null);
    }
    if (!addresses.matches() || port(addresses.group(4)) || port(addresses.group(5))) {
      throw new MalformedException("a malformed PROXY header of version 1");
    }
    Pattern kind = addresses.group(1).equals("4") ? IPV4 : IPV6;
    literal(kind, addresses.group(3));
    return new ProxyHeader(literal(kind, addresses.group(2)));
  }

  private static boolean port(String digits) {
    return Integer.parseInt(digits) > 65_535;
  }

  /** Never asks the name service: the pattern lets no name through. */
  private static InetAddress literal(Pattern kind, String text) throws MalformedException {
    try {
      if (kind.matcher(text).matches()) {
        return InetAddress.getByName(text);
      }
    } catch (UnknownHostException e) {
      // Told below.
    }
    throw new MalformedException("a malformed address in a PROXY header");
  }

  private static ProxyHeader two(ByteBuffer in) throws MalformedException {
    int version = in.get(12) >> 4 & 0xF;
    int command = in.get(12) & 0xF;
    if (version != 2 || command > 1) {
      throw new MalformedException("a PROXY header of an unknown version or command");
    }
    int family = in.get(13) >> 4 & 0xF;
    int protocol = in.get(13) & 0xF;
    if (family > 3 || protocol > 2) {
      throw new MalformedException("a PROXY header of an unknown address family");
    }
    if (command == 0) {
      return new ProxyHeader(null); // The proxy's own, for example to look whether we live.
    }
    int addressBytes = family == 1 ? 4 : family == 2 ? 16 : family == 3 ? 108 : 0;
    int portBytes = family == 1 || family == 2 ? 2 : 0;
    int values = V2_FIXED + 2 * (addressBytes + portBytes);
    if (family == 0) {
      return new ProxyHeader(null); // What follows is of no family, and to be skipped.
    }
    if (values > in.limit()) {
      throw new MalformedException("a PROXY header that is too short for its addresses");
    }
    checkValues(in.position(values));
    if (portBytes == 0 || protocol != 1) {
      return new ProxyHeader(null);
    }
    byte[] source = new byte[addressBytes];
    in.get(V2_FIXED, source);
    try {
      return new ProxyHeader(InetAddress.getByAddress(source));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + addressBytes + " bytes", e);
    }
  }

  /** Walks over what proxies add, and compares the checksum when there is one. */
  private static void checkValues(ByteBuffer in) throws MalformedException {
    while (in.hasRemaining()) {
      if (in.remaining() < 3) {
        throw new MalformedException("a PROXY header with half a value");
      }
      int type = in.get();
      int length = in.getShort() & 0xFFFF;
      if (length > in.remaining() || (type == TLV_CRC32C && length != 4)) {
        throw new MalformedException("a PROXY header with a value of a wrong length");
      }
      if (type == TLV_CRC32C) {
        checkSum(in);
      }
      in.position(in.position() + length);
    }
  }

  private static void checkSum(ByteBuffer in) throws MalformedException {
    int told = in.getInt(in.position());
    byte[] zeroed = in.array().clone();
    for (int i = 0; i < 4; i++) {
      zeroed[in.position() + i] = 0;
    }
    CRC32C sum = new CRC32C();
    sum.update(zeroed);
    if ((int) sum.getValue() != told) {
      throw new MalformedException("a PROXY header with a wrong checksum");
    }
  }
}
