package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;
import java.time.Instant;
import java.util.Objects;

/**
 * A key that was used to send to a user. {@code toString} does not show it.
 *
 * @param text as it was given
 * @param notification what it was first used for; may have been deleted since
 * @param usedAt when
 */
public record IdempotencyKey(String text, NotificationId notification, Instant usedAt) {
  private static final int LONGEST = 255;

  /**
   * The rule of what a key may be.
   *
   * @return the given text
   * @throws InvalidValueException unless it has 1 to 255 characters (code points), no NUL and no
   *     half of a surrogate pair, which a store could not tell from another
   */
  public static String checked(String text) {
    Objects.requireNonNull(text, "text");
    if (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST) {
      throw new InvalidValueException("an idempotency key must have 1 to 255 characters");
    }
    StorableText.check("an idempotency key", text);
    return text;
  }

  @Override
  public String toString() {
    return "IdempotencyKey[of " + notification + "]";
  }
}
