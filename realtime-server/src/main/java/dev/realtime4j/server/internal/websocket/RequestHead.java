package dev.realtime4j.server.internal.websocket;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request line and header fields, read strictly: what RFC 9112 leaves to be read in two ways is
 * refused, so that no proxy in front of us reads it another way.
 *
 * @param method for example {@code GET}
 * @param target for example {@code /ws?since=…}
 * @param headers by lower-case name; several of one name joined by a comma
 */
record RequestHead(String method, String target, Map<String, String> headers) {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  /** Reads a complete head, the empty line at its end included. */
  static RequestHead parse(byte[] bytes, int length) throws RefusedException {
    String text = new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || !isToken(words[0]) || !isTarget(words[1])) {
      throw RefusedException.badRequest("malformed request line");
    }
    if (!words[2].equals("HTTP/1.1")) {
      throw RefusedException.badRequest("the request is not HTTP/1.1");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1 || !isToken(lines[i].substring(0, colon))) {
        throw RefusedException.badRequest("malformed header field");
      }
      String value = lines[i].substring(colon + 1).strip();
      if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
        throw RefusedException.badRequest("malformed header field");
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, value, (one, another) -> one + ", " + another);
    }
    return new RequestHead(words[0], words[1], headers);
  }

  String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
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

  private static boolean isTarget(String text) {
    return text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  /** Shows neither query nor headers: both may hold a token. */
  @Override
  public String toString() {
    return "RequestHead[" + method + " " + path() + "]";
  }
}
