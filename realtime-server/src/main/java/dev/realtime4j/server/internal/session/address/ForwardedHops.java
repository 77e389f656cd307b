package dev.realtime4j.server.internal.session.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The addresses in {@code X-Forwarded-For} and {@code Forwarded}, the entry on the right first. */
final class ForwardedHops {
  /** Nobody has more proxies; what a client made up in front of them is not read. */
  private static final int MOST = 16;

  /** IPv4 alone or with a port; IPv6 in brackets, with a port or not. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[([^\\]]*)\\]|([0-9.]+))(?::\\d{1,5})?");

  private static final Pattern FOR =
      Pattern.compile("(?i)(?:^|;)\\s*for=(\"(?:[^\"\\\\]|\\\\.)*+\"|[^\";]*+)\\s*(?=;|$)");

  private ForwardedHops() {}

  /** {@code X-Forwarded-For}: addresses between commas. */
  static List<@Nullable InetAddress> ofList(String header) {
    List<@Nullable InetAddress> hops = new ArrayList<>();
    for (String entry : lastOf(header)) {
      hops.add(address(entry.strip()));
    }
    return hops;
  }

  /** {@code Forwarded}: {@code for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"}. */
  static List<@Nullable InetAddress> ofForwarded(String header) {
    List<@Nullable InetAddress> hops = new ArrayList<>();
    for (String element : lastOf(header)) {
      Matcher found = FOR.matcher(element.strip());
      boolean one = found.find();
      String value = one ? found.group(1) : "";
      boolean quoted = value.startsWith("\"");
      // An element that says it twice says nothing.
      hops.add(
          one && !found.find()
              ? address(quoted ? value.substring(1, value.length() - 1) : value)
              : null);
    }
    return hops;
  }

  /** The elements from the right; commas within quotes part nothing. */
  private static List<String> lastOf(String header) {
    List<String> elements = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        elements.add(header.substring(start, i));
        start = i + 1;
      }
    }
    elements.add(header.substring(start));
    Collections.reverse(elements);
    return elements.subList(0, Math.min(MOST, elements.size()));
  }

  private static @Nullable InetAddress address(String text) {
    Matcher matcher = WITH_PORT.matcher(text);
    if (matcher.matches()) {
      String six = matcher.group(1);
      return six == null
          ? AddressLiteral.parse(matcher.group(2))
          : six.indexOf(':') < 0 ? null : AddressLiteral.parse(six);
    }
    return AddressLiteral.parse(text);
  }
}
