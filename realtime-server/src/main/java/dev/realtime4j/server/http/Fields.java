package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Uuids;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON body. Every refusal names the member and never quotes it; {@code null}
 * counts as not given, unknown members are ignored.
 */
final class Fields {
  private static final UUID NIL = new UUID(0, 0);

  private final Map<String, Json> members;

  private Fields(Map<String, Json> members) {
    this.members = members;
  }

  static Fields parse(byte[] body) {
    Json json;
    try {
      json =
          Json.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      throw new RealtimeException(ErrorCode.BAD_REQUEST, "the body is not UTF-8", e);
    } catch (InvalidValueException e) {
      throw new RealtimeException(ErrorCode.BAD_REQUEST, "the body is " + e.getMessage(), e);
    }
    if (!json.isObject()) {
      throw RealtimeException.badRequest("the body must be a JSON object");
    }
    return new Fields(json.fields());
  }

  String required(String name) {
    String value = optional(name);
    if (value == null) {
      throw RealtimeException.badRequest(name + " is required");
    }
    return value;
  }

  @Nullable String optional(String name) {
    Json value = members.getOrDefault(name, Json.NULL);
    if (value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw RealtimeException.badRequest(name + " must be a string");
    }
    return value.asString();
  }

  Json json(String name, Json fallback) {
    Json value = members.getOrDefault(name, Json.NULL);
    return value.isNull() ? fallback : value;
  }

  UUID uuid(String name) {
    return uuid(name, required(name));
  }

  static UUID uuid(String name, String text) {
    UUID uuid = Uuids.parse(name, text);
    if (uuid.equals(NIL)) {
      throw RealtimeException.badRequest(name + " must not be the nil UUID");
    }
    return uuid;
  }
}
