package dev.realtime4j.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value, held as its text: valid, without a raw newline, and without half of a surrogate
 * pair (which is held as an escape), so that it can stand in a wire message as it is.
 *
 * <p>Reading is shallow: {@link #fields()} and {@link #elements()} parse one level and leave deeper
 * ones as text, so that passing a value through costs nothing. Nesting is limited to {@value
 * #MAX_DEPTH} levels and numbers to 100 digits.
 *
 * <p>Two values are equal when their texts are. Thread safety: immutable.
 */
public final class Json {
  /** How deep a value may be nested. */
  public static final int MAX_DEPTH = 64;

  /** The empty object. */
  public static final Json EMPTY = new Json("{}");

  /** The JSON {@code null}. */
  public static final Json NULL = new Json("null");

  /** What messages may wrap around a value: a page of notifications in an answer needs four. */
  private static final int ENVELOPE_DEPTH = 4;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + ENVELOPE_DEPTH)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final String text;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Reads one JSON value.
   *
   * @param text one value and nothing else but white space
   * @throws InvalidValueException when it is not valid JSON; the message says where but never
   *     quotes the text
   */
  public static Json parse(String text) {
    Objects.requireNonNull(text, "text");
    Json json = parseEnvelope(text);
    if (json.depth() > MAX_DEPTH) {
      throw new InvalidValueException("not JSON: nested deeper than " + MAX_DEPTH);
    }
    return json;
  }

  /**
   * Reads one JSON value that wraps others, such as a message of the wire: it may be nested a
   * little deeper than {@value #MAX_DEPTH}, so that whatever {@link #parse} takes can also be sent.
   *
   * @param text as for {@link #parse}
   * @throws InvalidValueException as {@link #parse}
   */
  public static Json parseEnvelope(String text) {
    Objects.requireNonNull(text, "text");
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new InvalidValueException("not JSON: empty");
      }
      parser.skipChildren();
      if (parser.currentToken() == null || parser.nextToken() != null) {
        throw new InvalidValueException("not JSON: more than one value");
      }
    } catch (JsonProcessingException e) {
      throw new InvalidValueException("not JSON: unreadable " + where(e));
    } catch (IOException e) {
      throw new InvalidValueException("not JSON");
    }
    String encodable = JsonWriter.encodable(text);
    if (encodable.contains("\\u")) {
      requireWholeNames(encodable);
    }
    // Valid JSON has raw line ends between its tokens only, where any white space will do.
    return new Json(encodable.replace('\n', ' ').replace('\r', ' ').trim());
  }

  /** Newer parsers refuse half of a surrogate pair in the name of a member; older ones do not. */
  private static void requireWholeNames(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          JsonWriter.requireWholeName(parser.currentName());
        }
      }
    } catch (JsonProcessingException e) {
      throw new InvalidValueException("not JSON: unreadable " + where(e));
    } catch (IOException e) {
      throw new InvalidValueException("not JSON");
    }
  }

  /**
   * Writes plain Java values as JSON.
   *
   * @param value a {@link Map} with string keys, an {@link Iterable}, a {@link CharSequence}, a
   *     {@link Number}, a {@link Boolean}, null, another {@link Json}; anything else is written as
   *     its {@code toString()}
   * @throws InvalidValueException for what JSON cannot hold, such as a NaN, and for a number that
   *     {@link #parse} would not take
   */
  public static Json of(@Nullable Object value) {
    StringBuilder out = new StringBuilder(64);
    JsonWriter.write(out, value, 0);
    return new Json(out.toString());
  }

  /**
   * An object of these members, in this order: {@code Json.object("home", 1, "away", 0)}; null
   * stands for the JSON null.
   *
   * @param namesAndValues names and values in turn
   * @throws InvalidValueException for a name without a value, and for a name that is no string
   */
  public static Json object(@Nullable Object... namesAndValues) {
    Objects.requireNonNull(namesAndValues, "namesAndValues");
    if (namesAndValues.length % 2 != 0) {
      throw new InvalidValueException(
          "Json.object needs a value behind each name, as in Json.object(\"home\", 1, \"away\", 0);"
              + " the last of these "
              + namesAndValues.length
              + " has none");
    }
    Map<@Nullable Object, @Nullable Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!(namesAndValues[i] instanceof CharSequence)) {
        throw new InvalidValueException(
            "Json.object needs a text as each name, as in Json.object(\"home\", 1, \"away\", 0);"
                + " number "
                + (i + 1)
                + " is none");
      }
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return of(members);
  }

  /** The value as JSON text, without a raw newline. */
  public String text() {
    return text;
  }

  /** How deep it is nested: 0 for a string or a number, 1 for an array of them. */
  public int depth() {
    int deepest = 0;
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
      } else if (c == '{' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }

  /** Whether {@link #fields} may be called. */
  public boolean isObject() {
    return text.charAt(0) == '{';
  }

  /** Whether {@link #elements} may be called. */
  public boolean isArray() {
    return text.charAt(0) == '[';
  }

  /** Whether {@link #asString} may be called. */
  public boolean isString() {
    return text.charAt(0) == '"';
  }

  /** Whether this is JSON's {@code null}, as {@link #NULL} is. */
  public boolean isNull() {
    return text.charAt(0) == 'n';
  }

  /**
   * The members of an object, in their order; of a repeated name the last one.
   *
   * @throws InvalidValueException when this is not an object
   */
  public Map<String, Json> fields() {
    if (!isObject()) {
      throw new InvalidValueException("expected a JSON object");
    }
    Map<String, Json> fields = new LinkedHashMap<>();
    cut((name, value) -> fields.put(name, value));
    return fields;
  }

  /**
   * The elements of an array.
   *
   * @throws InvalidValueException when this is not an array
   */
  public List<Json> elements() {
    if (!isArray()) {
      throw new InvalidValueException("expected a JSON array");
    }
    List<Json> elements = new ArrayList<>();
    cut((name, value) -> elements.add(value));
    return elements;
  }

  /**
   * The characters of a string.
   *
   * @throws InvalidValueException when this is not a string
   */
  public String asString() {
    if (!isString()) {
      throw new InvalidValueException("expected a JSON string");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new IllegalStateException("a parsed value became unreadable", e);
    }
  }

  /**
   * A whole number.
   *
   * @throws InvalidValueException when this is not a whole number that fits a long
   */
  public long asLong() {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(ErrorCode.BAD_REQUEST, "expected a whole number", e);
    }
  }

  /**
   * A truth value.
   *
   * @throws InvalidValueException when this is neither {@code true} nor {@code false}
   */
  public boolean asBoolean() {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new InvalidValueException("expected true or false");
    };
  }

  private interface Cut {
    void take(String name, Json value);
  }

  private void cut(Cut sink) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      for (JsonToken token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
        String name = "";
        if (token == JsonToken.FIELD_NAME) {
          name = parser.currentName();
          token = parser.nextToken();
        }
        int from = (int) parser.currentTokenLocation().getCharOffset();
        if (token.isStructStart()) {
          parser.skipChildren();
        } else {
          parser.finishToken();
        }
        int to = (int) parser.currentLocation().getCharOffset();
        sink.take(name, new Json(text.substring(from, to).trim()));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a parsed value became unreadable", e);
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : "at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Json json && text.equals(json.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The text. */
  @Override
  public String toString() {
    return text;
  }
}
