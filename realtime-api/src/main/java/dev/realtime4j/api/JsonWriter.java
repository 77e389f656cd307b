package dev.realtime4j.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Java values to JSON text. */
final class JsonWriter {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  /** As it can be read again. */
  private static final Pattern NUMBER =
      Pattern.compile("(?=.{1,100}$)-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private JsonWriter() {}

  static void write(StringBuilder out, @Nullable Object value, int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw new InvalidValueException("JSON is nested deeper than " + Json.MAX_DEPTH);
    }
    if (value == null) {
      out.append("null");
    } else if (value instanceof Json json) {
      out.append(json.text());
    } else if (value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      number(out, number);
    } else if (value instanceof Map<?, ?> map) {
      object(out, map, depth);
    } else if (value instanceof Iterable<?> items) {
      array(out, items, depth);
    } else {
      string(out, value.toString());
    }
  }

  static void string(StringBuilder out, String value) {
    out.append('"');
    int from = 0;
    for (int half = half(value, 0); half >= 0; half = half(value, from)) {
      ENCODER.quoteAsString(value.substring(from, half), out);
      escape(out, value.charAt(half));
      from = half + 1;
    }
    ENCODER.quoteAsString(from == 0 ? value : value.substring(from), out);
    out.append('"');
  }

  /**
   * A text with halves of surrogate pairs as escapes: as they are, UTF-8 has no room for them, and
   * a question mark would go over the wire.
   *
   * @param json in valid JSON they stand in strings only
   */
  static String encodable(String json) {
    int half = half(json, 0);
    if (half < 0) {
      return json;
    }
    StringBuilder out = new StringBuilder(json.length() + 16);
    int from = 0;
    for (; half >= 0; half = half(json, from)) {
      out.append(json, from, half);
      escape(out, json.charAt(half));
      from = half + 1;
    }
    return out.append(json, from, json.length()).toString();
  }

  private static void escape(StringBuilder out, char half) {
    out.append("\\u").append(Integer.toHexString(half));
  }

  /** Where the next half of a surrogate pair stands without the other one; -1 for nowhere. */
  private static int half(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static void number(StringBuilder out, Number number) {
    if (number instanceof Integer || number instanceof Long) {
      out.append(number);
      return;
    }
    String text = number.toString();
    if (!NUMBER.matcher(text).matches()) { // NaN, a thousand digits, a fraction of somebody's own
      throw new InvalidValueException(
          "JSON cannot hold this "
              + number.getClass().getSimpleName()
              + ": a number has up to 100 digits, a decimal point and an exponent");
    }
    out.append(text);
  }

  private static void object(StringBuilder out, Map<?, ?> map, int depth) {
    char separator = '{';
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      String name = String.valueOf(member.getKey());
      requireWholeName(name);
      string(out, name);
      out.append(':');
      write(out, member.getValue(), depth + 1);
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
  }

  static void requireWholeName(String name) {
    if (half(name, 0) >= 0) {
      throw new InvalidValueException("JSON: a name holds half of a surrogate pair");
    }
  }

  private static void array(StringBuilder out, Iterable<?> items, int depth) {
    char separator = '[';
    for (Object item : items) {
      out.append(separator);
      write(out, item, depth + 1);
      separator = ',';
    }
    out.append(separator == '[' ? "[]" : "]");
  }
}
