package dev.realtime4j.server.internal.session.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * AddressLimiter that begin alike: one address, or a network in CIDR form.
 *
 * @param start the first address; what is behind the prefix is zero
 * @param prefix how many bits they share
 */
record CidrBlock(InetAddress start, int prefix) {
  /**
   * @param text {@code 10.0.0.7}, {@code 10.0.0.0/8}, {@code ::1} or {@code 2001:db8::/32}
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address and no network; use for example 10.0.0.0/8 or ::1");
    }
    int bits = 8 * address.getAddress().length;
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
    if (prefix < 1 || prefix > bits) {
      throw new IllegalArgumentException(
          "\"" + text + "\" must share 1 to " + bits + " bits, not everything and not more");
    }
    InetAddress start = masked(address, prefix);
    if (!start.equals(address)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is within " + start.getHostAddress() + "/" + prefix + "; write that");
    }
    return new CidrBlock(start, prefix);
  }

  private static int prefix(String digits) {
    return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
  }

  boolean contains(InetAddress address) {
    return address.getAddress().length == start.getAddress().length
        && masked(address, prefix).equals(start);
  }

  /** The address with everything behind the prefix cleared. */
  static InetAddress masked(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    int whole = prefix / 8;
    if (whole < bytes.length) {
      bytes[whole] &= (byte) (0xFF00 >> (prefix % 8));
      Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address changed its length", e);
    }
  }
}
