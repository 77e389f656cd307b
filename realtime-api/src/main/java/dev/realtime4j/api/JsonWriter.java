package dev.realtime4j.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java values to JSON text. */
final class JsonWriter {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonWriter() {}

  static void write(StringBuilder out, @Nullable Object value, int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw RealtimeException.badRequest("JSON is nested deeper than " + Json.MAX_DEPTH);
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
    ENCODER.quoteAsString(value, out);
    out.append('"');
  }

  private static void number(StringBuilder out, Number number) {
    double value = number.doubleValue();
    if (number instanceof Double || number instanceof Float) {
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw RealtimeException.badRequest("JSON cannot hold the number " + number);
      }
    }
    out.append(number);
  }

  private static void object(StringBuilder out, Map<?, ?> map, int depth) {
    char separator = '{';
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      string(out, String.valueOf(member.getKey()));
      out.append(':');
      write(out, member.getValue(), depth + 1);
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
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
