package dev.realtime4j.server.internal.session.call;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The parameters of a call, read strictly: an error names the parameter.
 *
 * <p>Thread safety: immutable.
 */
public final class Params {
  private final Json json;
  private final Map<String, Json> fields;

  private Params(Json json) {
    this.json = json;
    this.fields = json.fields();
  }

  /**
   * @param json an object
   */
  public static Params of(Json json) {
    return new Params(json);
  }

  /** All of them, as they came. */
  public Json json() {
    return json;
  }

  /** A string that must be there. */
  public String string(String name) {
    return optionalString(name).orElseThrow(() -> bad(name, "is missing"));
  }

  /** A string that may be absent or null. */
  public Optional<String> optionalString(String name) {
    return optional(name, Json::asString, "must be a string");
  }

  /** A truth value that may be absent or null. */
  public Optional<Boolean> optionalBoolean(String name) {
    return optional(name, Json::asBoolean, "must be true or false");
  }

  /** Any value; the empty object when absent or null. */
  public Json value(String name) {
    Json value = fields.get(name);
    return value == null || value.isNull() ? Json.EMPTY : value;
  }

  /** The page that {@code limit} and {@code cursor} ask for. */
  public PageRequest page() {
    long limit =
        optional("limit", Json::asLong, "must be a whole number")
            .orElse((long) PageRequest.DEFAULT_LIMIT);
    if (limit < 1 || limit > 100) {
      throw bad("limit", "must be 1 to 100");
    }
    return new PageRequest((int) limit, optionalString("cursor").orElse(null));
  }

  /** The elements of an array that must be there. */
  public List<Json> array(String name, int atMost) {
    Json value = fields.get(name);
    if (value == null || !value.isArray()) {
      throw bad(name, "must be an array");
    }
    List<Json> elements = value.elements();
    if (elements.size() > atMost) {
      throw bad(name, "must not hold more than " + atMost);
    }
    return elements;
  }

  /** The parameter {@code user_ids}: each user once, in the order given. */
  public Set<UserId> userIds(int atMost) {
    Set<UserId> users = new LinkedHashSet<>();
    for (Json element : array("user_ids", atMost)) {
      if (!element.isString()) {
        throw bad("user_ids", "must hold strings");
      }
      users.add(UserId.of(element.asString()));
    }
    return users;
  }

  private <T> Optional<T> optional(String name, Function<Json, T> read, String rule) {
    Json value = fields.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(value));
    } catch (InvalidValueException e) {
      throw bad(name, rule);
    }
  }

  private static RealtimeException bad(String name, String rule) {
    return RealtimeException.badRequest("params." + name + " " + rule);
  }
}
