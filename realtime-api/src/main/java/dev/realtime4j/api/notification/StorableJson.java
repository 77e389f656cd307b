package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's jsonb type takes, beyond what JSON allows, and how large it becomes there: no
 * escaped NUL, no escaped half of a surrogate pair, and numbers written out in full, of which no
 * reader of ours takes more than 100 digits. The checks of the table ask the same, but in the
 * host's transaction, which they would end.
 *
 * <p>Reads the text of a valid value once, character by character.
 */
final class StorableJson {
  /** Digits and decimal point. */
  private static final int LONGEST_NUMBER = 100;

  /** More than this, either way, PostgreSQL does not read, even behind a zero. */
  private static final long LARGEST_EXPONENT = Integer.MAX_VALUE / 2 - 1;

  private final String field;
  private final String text;
  private int at;
  private int blanks;

  private StorableJson(String field, String text) {
    this.field = field;
    this.text = text;
  }

  /**
   * @param field names the value in messages
   * @throws InvalidValueException when it is not storable
   */
  static void check(String field, Json json) {
    if (json.depth() > Json.MAX_DEPTH) {
      throw new InvalidValueException(field + " is nested deeper than " + Json.MAX_DEPTH);
    }
    if (new StorableJson(field, json.text()).value() > NotificationContent.MAX_BYTES) {
      throw new InvalidValueException(
          field + " must not be larger than 16 KiB with its numbers written out in full");
    }
  }

  /** How many bytes the text has that PostgreSQL makes of it, with its blanks. */
  static int storedBytes(Json json) {
    StorableJson measured = new StorableJson("data", json.text());
    return measured.value() + measured.blanks;
  }

  /** Reads the value that begins here, and answers its bytes without blanks. */
  private int value() {
    skipBlanks();
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string(null);
      case 't', 'n' -> word(4);
      case 'f' -> word(5);
      default -> number();
    };
  }

  private int word(int length) {
    at += length;
    return length;
  }

  private int object() {
    at++;
    // Of a name that stands twice jsonb keeps the last one.
    Map<String, int[]> members = new HashMap<>();
    int blanksBefore = blanks;
    skipBlanks();
    while (text.charAt(at) != '}') {
      StringBuilder name = new StringBuilder();
      blanks = 0;
      int size = string(name);
      skipBlanks();
      at++; // the colon
      size += 1 + value();
      members.put(name.toString(), new int[] {size, blanks + 1});
      skipSeparator();
    }
    at++;
    blanks = blanksBefore + Math.max(0, members.size() - 1);
    int sum = 2 + Math.max(0, members.size() - 1);
    for (int[] member : members.values()) {
      sum += member[0];
      blanks += member[1];
    }
    return sum;
  }

  private int array() {
    at++;
    int sum = 2;
    int elements = 0;
    skipBlanks();
    while (text.charAt(at) != ']') {
      sum += value();
      elements++;
      skipSeparator();
    }
    at++;
    int commas = Math.max(0, elements - 1);
    blanks += commas;
    return sum + commas;
  }

  private void skipSeparator() {
    skipBlanks();
    if (text.charAt(at) == ',') {
      at++;
      skipBlanks();
    }
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /**
   * Reads the string that begins here.
   *
   * @param into gets its characters; null when nobody asks for them
   */
  private int string(@Nullable StringBuilder into) {
    at++;
    int bytes = 2;
    while (text.charAt(at) != '"') {
      char c = text.charAt(at);
      int point;
      if (c == '\\') {
        point = escaped();
      } else {
        point = text.codePointAt(at);
        at += Character.charCount(point);
      }
      bytes += storedBytes(point);
      if (into != null) {
        into.appendCodePoint(point);
      }
    }
    at++;
    return bytes;
  }

  private static int storedBytes(int point) {
    if (point < 0x20) {
      return "\b\f\n\r\t".indexOf(point) >= 0 ? 2 : 6;
    }
    if (point < 0x80) {
      return point == '"' || point == '\\' ? 2 : 1;
    }
    return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }

  /** The character of the escape that begins here. */
  private int escaped() {
    char kind = text.charAt(at + 1);
    if (kind != 'u') {
      at += 2;
      int simple = "bfnrt".indexOf(kind);
      return simple < 0 ? kind : "\b\f\n\r\t".charAt(simple);
    }
    char c = unit(at);
    if (c == 0) {
      throw new InvalidValueException(field + " must not hold the character NUL");
    }
    if (!Character.isSurrogate(c)) {
      at += 6;
      return c;
    }
    boolean pair =
        Character.isHighSurrogate(c)
            && text.startsWith("\\u", at + 6)
            && Character.isLowSurrogate(unit(at + 6));
    if (!pair) {
      throw new InvalidValueException(field + " holds half of a surrogate pair");
    }
    int point = Character.toCodePoint(c, unit(at + 6));
    at += 12;
    return point;
  }

  private char unit(int escape) {
    return (char) Integer.parseInt(text.substring(escape + 2, escape + 6), 16);
  }

  /** Reads the number that begins here; as numeric it is written without an exponent. */
  private int number() {
    boolean negative = text.charAt(at) == '-';
    if (negative) {
      at++;
    }
    int whole = 0;
    int fraction = 0;
    int leadingZeros = 0;
    boolean zero = true;
    boolean inFraction = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.') {
        inFraction = true;
      } else if (c >= '0' && c <= '9') {
        if (inFraction) {
          fraction++;
        } else {
          whole++;
        }
        if (zero && c == '0') {
          leadingZeros++;
        } else {
          zero = false;
        }
      } else {
        break;
      }
    }
    long exponent = exponent();
    // A zero stays one, however large the exponent; a small one still writes its digits out.
    long before = zero ? 1 : Math.max(1, whole + exponent - leadingZeros);
    long after = Math.max(0, fraction - exponent);
    long written = before + (after == 0 ? 0 : 1 + after);
    if (written > LONGEST_NUMBER) {
      throw new InvalidValueException(
          field + " holds a number that has more than 100 digits when it is written out in full");
    }
    return (int) written + (negative && !zero ? 1 : 0);
  }

  private long exponent() {
    if (at == text.length() || text.charAt(at) != 'e' && text.charAt(at) != 'E') {
      return 0;
    }
    at++;
    boolean negative = text.charAt(at) == '-';
    if (negative || text.charAt(at) == '+') {
      at++;
    }
    long exponent = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      exponent = Math.min(LARGEST_EXPONENT + 1, exponent * 10 + text.charAt(at) - '0');
      at++;
    }
    if (exponent > LARGEST_EXPONENT) {
      throw new InvalidValueException(field + " holds a number that is too large or too small");
    }
    return negative ? -exponent : exponent;
  }
}
