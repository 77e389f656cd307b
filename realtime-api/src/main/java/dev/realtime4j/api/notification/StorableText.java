package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;

/**
 * What PostgreSQL's text type takes: no NUL, no half of a surrogate pair. The driver would replace
 * such a half with a question mark, and two different texts would become the same.
 */
final class StorableText {
  private StorableText() {}

  /**
   * @param what names the text at the beginning of the message
   * @throws InvalidValueException when it is not storable
   */
  static void check(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidValueException(what + " must not hold the character NUL");
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new InvalidValueException(what + " holds half of a surrogate pair");
        }
        i++;
      }
    }
  }
}
