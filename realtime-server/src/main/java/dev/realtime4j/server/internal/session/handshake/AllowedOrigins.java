package dev.realtime4j.server.internal.session.handshake;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may connect. Browsers always send {@code Origin}, and a page cannot change it;
 * programs need not send one.
 *
 * <p>Thread safety: immutable.
 */
public final class AllowedOrigins {
  private static final Map<String, Integer> DEFAULT_PORTS = Map.of("https", 443, "http", 80);

  /** Not by {@code URI}, which knows no host with an underscore: Compose and Swarm make such. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]*)://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::(\\d{1,5}))?");

  private final Set<String> allowed;

  private AllowedOrigins(Set<String> allowed) {
    this.allowed = allowed;
  }

  /**
   * @param origins {@code https://example.org}, with the port where it is not the usual one; empty
   *     for all
   * @throws IllegalArgumentException that names the one that no browser would ever send
   */
  public static AllowedOrigins of(Collection<String> origins) {
    return new AllowedOrigins(
        origins.stream().map(AllowedOrigins::asSent).collect(Collectors.toSet()));
  }

  /** As a browser writes it: in lower case, without the usual port. */
  private static String asSent(String origin) {
    Matcher parts = ORIGIN.matcher(origin);
    if (parts.matches()) {
      String scheme = parts.group(1).toLowerCase(Locale.ROOT);
      String host = parts.group(2).toLowerCase(Locale.ROOT);
      String port = parts.group(3);
      boolean usual = port == null || Integer.valueOf(port).equals(DEFAULT_PORTS.get(scheme));
      return scheme + "://" + host + (usual ? "" : ":" + Integer.valueOf(port));
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
