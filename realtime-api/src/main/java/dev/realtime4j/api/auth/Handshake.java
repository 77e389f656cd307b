package dev.realtime4j.api.auth;

import java.io.UnsupportedEncodingException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client's request to open a socket, as it arrived.
 *
 * <p>{@code toString} shows neither query nor headers: both may hold a token.
 *
 * <p>Thread safety: immutable.
 */
public final class Handshake {
  private static final String BEARER_PROTOCOL = "bearer.";
  private static final String BEARER_SCHEME = "Bearer ";

  private static final int LONGEST_KEPT = 512;

  private final String path;
  private final Map<String, String> query;
  private final Map<String, String> headers;
  private final InetAddress remoteAddress;

  private Handshake(
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      InetAddress remoteAddress) {
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.remoteAddress = remoteAddress;
  }

  /**
   * @param target the request target, for example {@code /ws?token=…}; a malformed escape in a
   *     query parameter drops that parameter
   * @param headers the header fields; of a name that stands several times, joined by a comma
   * @param remoteAddress where it came from
   */
  public static Handshake of(
      String target, Map<String, String> headers, InetAddress remoteAddress) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(remoteAddress, "remoteAddress");
    int question = target.indexOf('?');
    Map<String, String> lower = new LinkedHashMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return new Handshake(
        question < 0 ? target : target.substring(0, question),
        question < 0 ? Map.of() : parameters(target.substring(question + 1)),
        lower,
        remoteAddress);
  }

  /** The same request from another address: what a trusted proxy says. */
  public Handshake withRemoteAddress(InetAddress address) {
    return new Handshake(path, query, headers, address);
  }

  /** The same request with another bearer token. */
  public Handshake withToken(String token) {
    Map<String, String> changed = new LinkedHashMap<>(headers);
    changed.put("authorization", "Bearer " + token);
    return new Handshake(path, query, changed, remoteAddress);
  }

  /**
   * What a socket keeps of its handshake, as long as it is open: the path, the remote address, the
   * header {@code user-agent} and the query parameter {@code since}. Of the two it keeps 512
   * characters.
   */
  public Handshake essentials() {
    return new Handshake(path, only(query, "since"), only(headers, "user-agent"), remoteAddress);
  }

  private static Map<String, String> only(Map<String, String> of, String name) {
    String value = of.get(name);
    return value == null
        ? Map.of()
        : Map.of(name, value.length() > LONGEST_KEPT ? value.substring(0, LONGEST_KEPT) : value);
  }

  /** The path, for example {@code /ws}. */
  public String path() {
    return path;
  }

  /** A query parameter, decoded. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A header field; the name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Where it came from. */
  public InetAddress remoteAddress() {
    return remoteAddress;
  }

  /** The sub-protocols that the client offers, without those that carry a token. */
  public List<String> protocols() {
    return offered().stream()
        .filter(protocol -> !protocol.startsWith(BEARER_PROTOCOL))
        .collect(Collectors.toList());
  }

  /**
   * The token: of {@code Authorization: Bearer}, else of an offered sub-protocol {@code
   * bearer.<token>}, else of the query parameter {@code token}.
   *
   * <p>The first of these places that has a token counts; the others are ignored. {@code
   * Authorization} is such a place only with the scheme {@code Bearer}, in any case, and something
   * behind it: {@code Basic} is for a proxy on the way, and does not hide a token elsewhere. Of
   * several {@code Authorization} fields the first with a Bearer token counts.
   */
  public Optional<String> token() {
    Optional<String> authorization = authorization();
    if (authorization.isPresent()) {
      return authorization;
    }
    Optional<String> bearer =
        offered().stream()
            .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
            .map(protocol -> protocol.substring(BEARER_PROTOCOL.length()))
            .filter(token -> !token.isEmpty())
            .findFirst();
    return bearer.isPresent() ? bearer : query("token").filter(token -> !token.isEmpty());
  }

  /** A Bearer token has no comma, so commas can only be between the fields, or in other schemes. */
  private Optional<String> authorization() {
    return Arrays.stream(header("authorization").orElse("").split(","))
        .map(String::trim)
        .filter(value -> value.regionMatches(true, 0, BEARER_SCHEME, 0, BEARER_SCHEME.length()))
        .map(value -> value.substring(BEARER_SCHEME.length()).trim())
        .filter(token -> !token.isEmpty())
        .findFirst();
  }

  private List<String> offered() {
    return Arrays.stream(header("sec-websocket-protocol").orElse("").split("[,;]"))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .collect(Collectors.toList());
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          parameters.putIfAbsent(
              URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8.name()),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8.name()));
        } catch (IllegalArgumentException | UnsupportedEncodingException malformedEscape) {
          continue;
        }
      }
    }
    return parameters;
  }

  @Override
  public String toString() {
    return "Handshake[" + path + " from " + remoteAddress.getHostAddress() + "]";
  }
}
