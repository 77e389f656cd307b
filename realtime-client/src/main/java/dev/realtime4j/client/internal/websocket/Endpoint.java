package dev.realtime4j.client.internal.websocket;

import dev.realtime4j.api.InvalidValueException;
import java.net.IDN;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a server is, as far as a socket needs it. {@link URI#getHost()} alone is not enough: it is
 * null for the names that Compose and Swarm give, which have an underscore, and for names that are
 * not ASCII.
 *
 * @param uri with path and query
 * @param tls whether it is {@code wss}
 * @param host a name in ASCII, or an address; one of IPv6 without brackets
 * @param port 1 to 65,535
 */
public record Endpoint(URI uri, boolean tls, String host, int port) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  /**
   * Reads it.
   *
   * @throws InvalidValueException that says what does not fit; it quotes no user info and no query
   */
  public static Endpoint of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getAuthority();
    if (!scheme.equals("ws") && !scheme.equals("wss") || authority == null) {
      throw refused("it is a ws:// or wss:// URI with a host");
    }
    if (authority.indexOf('@') >= 0) {
      throw refused("it has no user info: a token comes from token(), other things by header()");
    }
    if (uri.getRawFragment() != null) {
      throw refused("it has no fragment (#)");
    }
    boolean literal = authority.startsWith("[");
    int colon = authority.indexOf(':', literal ? Math.max(0, authority.indexOf(']')) : 0);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    boolean tls = scheme.equals("wss");
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    URI plain = URI.create(scheme + uri.toString().substring(scheme.length())); // WSS:// is wss://
    return new Endpoint(
        plain, tls, literal ? address(uri, host) : name(host), port(port, tls ? 443 : 80));
  }

  private static String address(URI uri, String bracketed) {
    if (uri.getHost() == null || !bracketed.endsWith("]")) {
      throw refused("what is in brackets must be an address of IPv6");
    }
    return bracketed.substring(1, bracketed.length() - 1).replace("%25", "%");
  }

  private static String name(String host) {
    String ascii;
    try {
      ascii = IDN.toASCII(host);
    } catch (IllegalArgumentException noName) {
      ascii = "";
    }
    if (!NAME.matcher(ascii).matches()) {
      throw refused("its host is a name of letters, digits, dots, hyphens and underscores");
    }
    return ascii;
  }

  private static int port(String text, int otherwise) {
    if (text.isEmpty()) {
      return otherwise;
    }
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw refused("its port is 1 to 65535");
    }
    return port;
  }

  private static InvalidValueException refused(String rule) {
    return new InvalidValueException("this is no endpoint: " + rule);
  }

  /** Whether the host is an address, which nobody needs to look up. */
  boolean isAddress() {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }

  /** Host and port, as a proxy and a person read them. */
  String authority() {
    return bracketed() + ":" + port;
  }

  /** For the header field {@code Host}. */
  String hostHeader() {
    return port == (tls ? 443 : 80) ? bracketed() : authority();
  }

  private String bracketed() {
    int zone = host.indexOf('%');
    String address = zone < 0 ? host : host.substring(0, zone); // a zone is this machine's own
    return host.indexOf(':') >= 0 ? "[" + address + "]" : host;
  }
}
