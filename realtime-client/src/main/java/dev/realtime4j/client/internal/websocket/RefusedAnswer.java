package dev.realtime4j.client.internal.websocket;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP answer to a handshake that was refused, as far as it has arrived.
 *
 * @param status other than 101
 * @param retryAfter what the server asks for; null when it does not
 * @param detail why, in the words of a server of ours ({@code application/problem+json}), on one
 *     line; null when that is not known
 * @param missing how much of a body that may say why has not arrived
 */
record RefusedAnswer(
    int status, @Nullable Duration retryAfter, @Nullable String detail, int missing) {
  /** A larger body is not waited for, nor read: the reason is a sentence. */
  static final int MAX_BODY_BYTES = 8 * 1024;

  static final int MAX_DETAIL = 300;

  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3})\\b");
  private static final Pattern RETRY_AFTER = field("retry-after", "(\\d{1,6})");
  private static final Pattern LENGTH = field("content-length", "(\\d{1,6})");
  private static final Pattern PROBLEM = field("content-type", "(application/problem\\+json)\\b.*");

  private static Pattern field(String name, String value) {
    return Pattern.compile(
        "\r\n" + name + ":[ \t]*" + value + "[ \t]*(?=\r\n)", Pattern.CASE_INSENSITIVE);
  }

  /**
   * @param head with the empty line at its end
   * @param body what has arrived of it, a character for each byte
   * @return null when the handshake was not refused
   */
  static @Nullable RefusedAnswer read(String head, String body) {
    String status = found(STATUS, head);
    if (status == null || status.equals("101")) {
      return null;
    }
    String retryAfter = found(RETRY_AFTER, head);
    String length = found(LENGTH, head);
    int bytes = length == null ? 0 : Integer.parseInt(length);
    boolean says = found(PROBLEM, head) != null && bytes <= MAX_BODY_BYTES;
    int missing = says ? Math.max(0, bytes - body.length()) : 0;
    return new RefusedAnswer(
        Integer.parseInt(status),
        retryAfter == null ? null : Duration.ofSeconds(Long.parseLong(retryAfter)),
        says && missing == 0 ? detail(body.substring(0, bytes)) : null,
        missing);
  }

  private static @Nullable String found(Pattern pattern, String head) {
    Matcher matcher = pattern.matcher(head);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static @Nullable String detail(String body) {
    try {
      byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
      Json problem = Json.parse(new String(bytes, StandardCharsets.UTF_8));
      Json detail =
          problem.isObject() ? problem.fields().getOrDefault("detail", Json.NULL) : Json.NULL;
      if (!detail.isString()) {
        return null;
      }
      String line = detail.asString().replaceAll("\\p{Cntrl}+", " ").trim();
      String some = line.length() > MAX_DETAIL ? line.substring(0, MAX_DETAIL) + "…" : line;
      return some.isEmpty() ? null : some;
    } catch (InvalidValueException notJson) {
      return null; // The status has to do.
    }
  }
}
