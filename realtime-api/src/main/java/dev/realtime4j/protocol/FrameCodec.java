package dev.realtime4j.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Frames to their JSON and back. A WebSocket frame carries one message or several, separated by
 * {@code \n}; {@link #split} cuts it.
 *
 * <p>Thread safety: stateless.
 */
public final class FrameCodec {
  /** A heartbeat as it stands on the wire. */
  public static final String HEARTBEAT = "{}";

  private static final JsonFactory IDS =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private FrameCodec() {}

  /**
   * The messages of a WebSocket frame.
   *
   * @param text one message, or several separated by {@code \n}; empty lines do not count
   */
  public static Iterable<String> split(String text) {
    return text.indexOf('\n') < 0
        ? List.of(text)
        : Arrays.stream(text.split("\n"))
            .filter(line -> !line.trim().isEmpty())
            .collect(Collectors.toList());
  }

  /**
   * Reads one message.
   *
   * @throws UnreadableFrameException when it is not a message of this protocol
   */
  public static Frame decode(String message) {
    if (message.equals(HEARTBEAT)) {
      return Frame.Heartbeat.INSTANCE;
    }
    Map<String, Json> fields;
    try {
      fields = Json.parseEnvelope(message).fields();
    } catch (InvalidValueException e) {
      throw new UnreadableFrameException(null, e.getMessage());
    }
    if (fields.isEmpty()) {
      return Frame.Heartbeat.INSTANCE;
    }
    Long id = id(fields.get("id"));
    try {
      return decode(id, fields);
    } catch (RealtimeException | InvalidValueException e) {
      throw new UnreadableFrameException(id, e.getMessage());
    }
  }

  /**
   * The id of a message that is not read otherwise: in the usual order of the fields this costs
   * nothing however long the message is.
   *
   * @param message which may be anything
   * @return null when it has none
   */
  public static @Nullable Long idOf(String message) {
    try (JsonParser parser = IDS.createParser(message)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = parser.currentName().equals("id");
        JsonToken value = parser.nextToken();
        if (isId) {
          long id = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : 0;
          return id > 0 ? id : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException noMessage) {
      return null;
    }
  }

  private static Frame decode(@Nullable Long id, Map<String, Json> fields) {
    Json method = fields.get("method");
    if (method != null) {
      return new Frame.Call(id, name("method", method), params(fields.get("params")));
    }
    Json event = fields.get("event");
    if (event != null) {
      Json room = fields.get("room");
      return new Frame.Event(
          name("event", event),
          room == null || room.isNull() ? null : room.asString(),
          fields.getOrDefault("data", Json.NULL));
    }
    Json error = fields.get("error");
    if (error != null) {
      return failure(id, error.fields());
    }
    Json result = fields.get("result");
    if (result != null && id != null) {
      return new Frame.Result(id, result);
    }
    throw RealtimeException.badRequest("a message needs a \"method\"");
  }

  private static @Nullable Long id(@Nullable Json id) {
    if (id == null || id.isNull()) {
      return null;
    }
    long value;
    try {
      value = id.asLong();
    } catch (InvalidValueException e) {
      throw new UnreadableFrameException(null, "id must be a positive integer");
    }
    if (value <= 0) {
      throw new UnreadableFrameException(null, "id must be a positive integer");
    }
    return value;
  }

  private static String name(String field, Json value) {
    if (!value.isString()) {
      throw RealtimeException.badRequest(field + " must be a string");
    }
    String name = value.asString();
    if (name.isEmpty() || name.length() > 128) {
      throw RealtimeException.badRequest(field + " must have 1 to 128 characters");
    }
    return name;
  }

  private static Json params(@Nullable Json params) {
    if (params == null || params.isNull()) {
      return Json.EMPTY;
    }
    if (!params.isObject()) {
      throw RealtimeException.badRequest("params must be an object");
    }
    return params;
  }

  private static Frame failure(@Nullable Long id, Map<String, Json> error) {
    Json retryAfter = error.getOrDefault("retry_after_ms", Json.NULL);
    Json message = error.getOrDefault("message", Json.NULL);
    return new Frame.Failure(
        id,
        ErrorCode.ofWire(error.getOrDefault("code", Json.NULL).asString()),
        message.isNull() ? "" : message.asString(),
        retryAfter.isNull() ? null : Duration.ofMillis(retryAfter.asLong()));
  }

  /** Writes one message. */
  public static String encode(Frame frame) {
    if (frame instanceof Frame.Heartbeat) {
      return HEARTBEAT;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (frame instanceof Frame.Call call) {
      if (call.id() != null) {
        fields.put("id", call.id());
      }
      fields.put("method", call.method());
      fields.put("params", call.params());
    } else if (frame instanceof Frame.Result result) {
      fields.put("id", result.id());
      fields.put("result", result.result());
    } else if (frame instanceof Frame.Failure failure) {
      fields.put("id", failure.id());
      fields.put("error", error(failure));
    } else if (frame instanceof Frame.Event event) {
      fields.put("event", event.event());
      if (event.room() != null) {
        fields.put("room", event.room());
      }
      fields.put("data", event.data());
    }
    return Json.of(fields).text();
  }

  private static Json error(Frame.Failure failure) {
    Duration retryAfter = failure.retryAfter();
    return Json.object(
        "code", failure.code().wire(),
        "message", failure.message(),
        "retry_after_ms", retryAfter == null ? null : retryAfter.toMillis());
  }

  /** Writes one message as the bytes that go out. */
  public static byte[] encodeBytes(Frame frame) {
    return encode(frame).getBytes(StandardCharsets.UTF_8);
  }
}
