package dev.realtime4j.server.internal.websocket;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, RFC 9112, 3.2: a path with a query, or the same with the scheme and the
 * authority in front, as proxies are asked and some of them ask.
 *
 * @param pathAndQuery what it is to us; {@code *} for a server as a whole
 * @param authority host and port; null where they are in the Host field only
 */
record RequestTarget(String pathAndQuery, @Nullable String authority) {
  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

  /** A name, an address, or IPv6 in brackets; then a port of ASCII digits, or none. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._~%-]+)?\\])"
              + "(?::([0-9]{0,5}))?");

  static RequestTarget parse(String method, String text) throws HandshakeRejectedException {
    // A fragment never travels; what is behind the sign, two readers would read in two ways.
    if (text.indexOf('#') >= 0 || !text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw malformed();
    }
    boolean wholeServer = text.equals("*") && method.equals("OPTIONS");
    if (text.startsWith("/") || wholeServer) {
      return new RequestTarget(text, null);
    }
    int colon = text.indexOf("://");
    if (colon < 0 || !SCHEMES.contains(text.substring(0, colon).toLowerCase(Locale.ROOT))) {
      throw malformed();
    }
    String rest = text.substring(colon + 3);
    int end = 0;
    while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
      end++;
    }
    String authority = rest.substring(0, end);
    if (!isAuthority(authority)) {
      throw malformed();
    }
    String path = rest.substring(end);
    return new RequestTarget(path.startsWith("/") ? path : "/" + path, authority);
  }

  /** Whether it may be host and port; names with an underscore are. */
  static boolean isAuthority(String text) {
    Matcher matcher = AUTHORITY.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    String port = matcher.group(1);
    return port == null || port.isEmpty() || Integer.parseInt(port) <= 65_535;
  }

  private static HandshakeRejectedException malformed() {
    return HandshakeRejectedException.badRequest("malformed request line");
  }
}
