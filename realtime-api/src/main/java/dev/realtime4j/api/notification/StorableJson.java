package dev.realtime4j.api.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;

/**
 * What PostgreSQL's jsonb type takes, beyond what JSON allows: no escaped NUL, no escaped half of a
 * surrogate pair, no number beyond its numeric type.
 */
final class StorableJson {
  /** An exponent of five digits may be more than numeric holds (131,072 digits). */
  private static final int MAX_EXPONENT_DIGITS = 4;

  private StorableJson() {}

  static void check(String field, Json json) {
    if (json.depth() > Json.MAX_DEPTH) {
      throw RealtimeException.badRequest(field + " is nested deeper than " + Json.MAX_DEPTH);
    }
    String text = json.text();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '"') {
        i = string(field, text, i + 1);
      } else if (c >= '0' && c <= '9') {
        i = number(field, text, i);
      } else {
        i++;
      }
    }
  }

  /** Checks the string that begins here, and answers where it has ended. */
  private static int string(String field, String text, int from) {
    int i = from;
    while (text.charAt(i) != '"') {
      if (text.charAt(i) != '\\') {
        i++;
      } else if (text.charAt(i + 1) != 'u') {
        i += 2;
      } else {
        i = escape(field, text, i);
      }
    }
    return i + 1;
  }

  private static int escape(String field, String text, int from) {
    char c = unit(text, from);
    if (c == 0) {
      throw RealtimeException.badRequest(field + " must not hold the character NUL");
    }
    if (!Character.isSurrogate(c)) {
      return from + 6;
    }
    boolean pair =
        Character.isHighSurrogate(c)
            && text.startsWith("\\u", from + 6)
            && Character.isLowSurrogate(unit(text, from + 6));
    if (!pair) {
      throw RealtimeException.badRequest(field + " holds half of a surrogate pair");
    }
    return from + 12;
  }

  private static char unit(String text, int escape) {
    return (char) Integer.parseInt(text.substring(escape + 2, escape + 6), 16);
  }

  private static int number(String field, String text, int from) {
    int i = from;
    int exponentAt = -1;
    while (i < text.length() && "0123456789.eE+-".indexOf(text.charAt(i)) >= 0) {
      char c = text.charAt(i);
      i++;
      if (c == 'e' || c == 'E' || exponentAt == i - 1 && (c == '+' || c == '-')) {
        exponentAt = i;
      }
    }
    if (exponentAt >= 0 && i - exponentAt > MAX_EXPONENT_DIGITS) {
      throw RealtimeException.badRequest(field + " holds a number that is too large or too small");
    }
    return i;
  }
}
