package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The content of a notification. {@code toString} shows neither title nor body nor data.
 *
 * @param type how urgent it is
 * @param title 1 to 255 characters (code points)
 * @param body up to 16 KiB of UTF-8; null for none
 * @param data a JSON object: a link, an action, …; up to 16 KiB as given, and as PostgreSQL stores
 *     it, which writes numbers out in full: {@code 1e50} has 51 digits. A number may have up to 100
 */
public record NotificationContent(
    NotificationType type, String title, @Nullable String body, Json data) {
  /** How large body and data may be, in bytes of UTF-8. */
  public static final int MAX_BYTES = 16 * 1024;

  /**
   * Checks everything, so that every instance can be stored.
   *
   * @throws InvalidValueException when a text is too long, or holds what PostgreSQL does not store,
   *     such as NUL, or when {@code data} is no object
   */
  public NotificationContent {
    int length = title.codePointCount(0, title.length());
    if (length < 1 || length > 255) {
      throw new InvalidValueException("title must have 1 to 255 characters, not " + length);
    }
    StorableText.check("title", title);
    if (body != null) {
      StorableText.check("body", body);
      small("body", body);
    }
    if (!data.isObject()) {
      throw new InvalidValueException("data must be a JSON object");
    }
    small("data", data.text());
    StorableText.check("data", data.text());
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
      throw new InvalidValueException(field + " must not be larger than 16 KiB");
    }
  }

  @Override
  public String toString() {
    return "NotificationContent[" + type + "]";
  }
}
