package dev.realtime4j.server.internal.session;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may connect. Browsers always send {@code Origin}, and a page cannot change it;
 * programs need not send one.
 *
 * <p>Thread safety: immutable.
 */
public final class Origins {
  private static final Map<String, Integer> DEFAULT_PORTS = Map.of("https", 443, "http", 80);

  private final Set<String> allowed;

  private Origins(Set<String> allowed) {
    this.allowed = allowed;
  }

  /**
   * @param origins {@code https://example.org}, with the port where it is not the usual one; empty
   *     for all
   * @throws IllegalArgumentException that names the one that no browser would ever send
   */
  public static Origins of(Collection<String> origins) {
    return new Origins(origins.stream().map(Origins::asSent).collect(Collectors.toSet()));
  }

  /** As a browser writes it: in lower case, without the usual port. */
  private static String asSent(String origin) {
    try {
      URI uri = new URI(origin);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String host = uri.getHost();
      boolean bare =
          (uri.getRawPath() + uri.getRawQuery() + uri.getRawFragment()).equals("nullnull");
      if (host != null && bare && uri.getRawUserInfo() == null) {
        boolean usual = Integer.valueOf(uri.getPort()).equals(DEFAULT_PORTS.get(scheme));
        String port = uri.getPort() < 0 || usual ? "" : ":" + uri.getPort();
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + port;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "\""
            + origin
            + "\" is no origin; use scheme, host and perhaps port, without a path, each spelt out:"
            + " https://example.org");
  }

  /**
   * @param origin what the request says; null when it says none
   */
  boolean allow(@Nullable String origin) {
    return origin == null || allowed.isEmpty() || allowed.contains(origin);
  }
}
