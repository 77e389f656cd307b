package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request line and header fields, read strictly: what RFC 9112 leaves to be read in two ways is
 * refused, so that no proxy in front of us reads it another way.
 *
 * @param method for example {@code GET}
 * @param target for example {@code /ws?since=…}; without scheme and authority, which are the host
 *     then
 * @param headers by lower-case name; several of one name joined by a comma
 */
record RequestHead(String method, String target, Map<String, String> headers) {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  /** A browser behind three proxies sends thirty. */
  private static final int MOST_FIELDS = 100;

  /** Whoever repeats one of these wants two readers to read two different things. */
  private static final Set<String> ONCE =
      Set.of("host", "origin", "content-length", "sec-websocket-key", "sec-websocket-version");

  /**
   * Reads a complete head, the empty line at its end included.
   *
   * @param from where the request line begins
   * @param to behind the empty line
   */
  static RequestHead parse(byte[] bytes, int from, int to) throws HandshakeRejectedException {
    String text = new String(bytes, from, to - from - 4, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || !isToken(words[0])) {
      throw HandshakeRejectedException.badRequest("malformed request line");
    }
    RequestTarget target = RequestTarget.parse(words[0], words[1]);
    if (!words[2].equals("HTTP/1.1")) {
      throw HandshakeRejectedException.badRequest("the request is not HTTP/1.1");
    }
    if (lines.length - 1 > MOST_FIELDS) {
      throw new HandshakeRejectedException(
          HandshakeRejection.of(
              431,
              ErrorCode.LIMIT_EXCEEDED,
              "the request has more than " + MOST_FIELDS + " header fields"));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1 || !isToken(lines[i].substring(0, colon))) {
        throw HandshakeRejectedException.badRequest("malformed header field");
      }
      String value = lines[i].substring(colon + 1).strip();
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String before = headers.putIfAbsent(name, value);
      if (before != null && ONCE.contains(name)) {
        throw HandshakeRejectedException.badRequest("the header " + name + " is there twice");
      }
      if (before != null) {
        headers.put(name, before + ", " + value);
      }
    }
    String authority = target.authority();
    if (authority != null) {
      headers.computeIfPresent("host", (name, value) -> authority); // RFC 9112, 3.2.2
    }
    return new RequestHead(words[0], target.pathAndQuery(), headers);
  }

  String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  boolean has(String name) {
    return headers.containsKey(name);
  }

  /** A header field; empty when there is none. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** Whether a word is in a comma-separated header field, in any case. */
  boolean headerHas(String name, String word) {
    for (String part : header(name).split(",")) {
      if (part.strip().equalsIgnoreCase(word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= '0' && c <= '9')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= 'a' && c <= 'z')
                        || TOKEN_SIGNS.indexOf(c) >= 0);
  }

  /** Shows neither query nor headers: both may hold a token. */
  @Override
  public String toString() {
    return "RequestHead[" + method + " " + path() + "]";
  }
}
