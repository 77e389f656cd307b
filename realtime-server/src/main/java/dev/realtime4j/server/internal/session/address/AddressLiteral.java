package dev.realtime4j.server.internal.session.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * AddressLimiter as they are written in numbers. The name service is never asked: the JDK would,
 * for what is nearly an IPv4 address.
 */
public final class AddressLiteral {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern SCOPE = Pattern.compile("%[0-9A-Za-z_.-]{1,32}$");

  private AddressLiteral() {}

  /** The address that a text is; null when it is none. */
  static @Nullable InetAddress parse(String text) {
    boolean six = text.indexOf(':') >= 0;
    return (six ? IPV6 : IPV4).matcher(text).matches() ? resolved(text) : null;
  }

  /**
   * The same for an address of this machine, whose IPv6 form may be in brackets and name its
   * interface: {@code fe80::1%eth0}.
   */
  public static @Nullable InetAddress parseLocal(String text) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    String address = brackets ? text.substring(1, text.length() - 1) : text;
    String bare = SCOPE.matcher(address).replaceFirst("");
    boolean six = bare.indexOf(':') >= 0;
    boolean fits = six || (!brackets && bare.equals(address));
    return fits && parse(bare) != null ? resolved(address) : null;
  }

  private static @Nullable InetAddress resolved(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
