package dev.realtime4j.api.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a notification says. {@code toString} shows neither title nor body nor data.
 *
 * @param type how urgent it is
 * @param title 1 to 255 characters (code points)
 * @param body up to 16 KiB of UTF-8; null for none
 * @param data a JSON object of up to 16 KiB: a link, an action, …
 */
public record NotificationContent(
    NotificationType type, String title, @Nullable String body, Json data) {
  /** How large body and data may be, in bytes of UTF-8. */
  public static final int MAX_BYTES = 16 * 1024;

  public NotificationContent {
    int length = title.codePointCount(0, title.length());
    if (length < 1 || length > 255) {
      throw RealtimeException.badRequest("title must have 1 to 255 characters, not " + length);
    }
    storable("title", title);
    if (body != null) {
      storable("body", body);
      small("body", body);
    }
    if (!data.isObject()) {
      throw RealtimeException.badRequest("data must be a JSON object");
    }
    small("data", data.text());
    storable("data", data.text());
    StorableJson.check("data", data);
  }

  /** How large title, body and data are together, in bytes of UTF-8. */
  public int bytes() {
    return bytes(title) + (body == null ? 0 : bytes(body)) + bytes(data.text());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void small(String field, String text) {
    if (text.length() > MAX_BYTES || bytes(text) > MAX_BYTES) {
      throw RealtimeException.badRequest(field + " must not be larger than 16 KiB");
    }
  }

  /** What PostgreSQL's text type takes: no NUL, no half of a surrogate pair. */
  private static void storable(String field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw RealtimeException.badRequest(field + " must not hold the character NUL");
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw RealtimeException.badRequest(field + " holds half of a surrogate pair");
        }
        i++;
      }
    }
  }

  @Override
  public String toString() {
    return "NotificationContent[" + type + "]";
  }
}
