package dev.realtime4j.server.http;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request, from any server. {@code toString} shows neither query nor headers nor body.
 *
 * <p>Thread safety: immutable, but for the body, which is read once.
 *
 * @param method as it arrived, for example {@code GET}
 * @param path the raw path, for example {@code /api/v1/realtime/notifications}
 * @param query the raw query, without its question mark; null when there is none
 * @param headers the header fields, in names of any case; of a name that stands several times,
 *     joined by a comma
 * @param body the body, read only if it is needed, and at most {@link RealtimeHttp#MAX_BODY_BYTES}
 *     + 1 bytes of it, which is refused. {@link HttpBody#NONE} when there is none
 * @param remoteAddress where it came from; behind a proxy, what a trusted proxy says
 */
public record HttpRequest(
    String method,
    String path,
    @Nullable String query,
    Map<String, String> headers,
    HttpBody body,
    InetAddress remoteAddress) {
  /** Keeps a copy of the header fields, their names in lower case. */
  public HttpRequest {
    Map<String, String> lower = new LinkedHashMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(lower);
  }

  /** A request whose body is there already; not copied. */
  public HttpRequest(
      String method,
      String path,
      @Nullable String query,
      Map<String, String> headers,
      byte[] body,
      InetAddress remoteAddress) {
    this(method, path, query, headers, HttpBody.of(body), remoteAddress);
  }

  /** A header field; the name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public String toString() {
    return "HttpRequest[" + method + " " + path + " from " + remoteAddress.getHostAddress() + "]";
  }
}
