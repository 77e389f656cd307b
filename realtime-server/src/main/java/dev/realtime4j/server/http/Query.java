package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query; an empty one counts as not given, unknown ones are ignored. */
final class Query {
  private static final int LONGEST_VALUE = 512;

  private final Map<String, String> parameters = new LinkedHashMap<>();

  private Query() {}

  static Query parse(@Nullable String raw) {
    Query query = new Query();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && equals < pair.length() - 1) {
        query.parameters.putIfAbsent(
            decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  @Nullable String text(String name) {
    String value = parameters.get(name);
    if (value == null) {
      return null;
    }
    if (value.length() > LONGEST_VALUE || value.chars().anyMatch(Character::isISOControl)) {
      throw RealtimeException.badRequest(
          name + " must have at most " + LONGEST_VALUE + " characters, none of them a control");
    }
    return value;
  }

  boolean flag(String name) {
    String value = text(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw RealtimeException.badRequest(name + " must be true or false");
  }

  PageRequest page() {
    String limit = text("limit");
    // parseInt alone takes +5, and the digits of all scripts.
    if (limit != null && !limit.matches("[0-9]{1,9}")) {
      throw RealtimeException.badRequest("limit must be a whole number from 1 to 100");
    }
    return new PageRequest(
        limit == null ? PageRequest.DEFAULT_LIMIT : Integer.parseInt(limit), text("cursor"));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RealtimeException(
          ErrorCode.BAD_REQUEST, "the query holds a malformed percent escape", e);
    }
  }
}
