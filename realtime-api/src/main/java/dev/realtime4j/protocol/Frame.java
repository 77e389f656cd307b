package dev.realtime4j.protocol;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message of the wire. */
public sealed interface Frame {
  /**
   * A client calls a method.
   *
   * @param id to answer with; null when no answer is wanted
   * @param method which
   * @param params its parameters; an object
   */
  record Call(@Nullable Long id, String method, Json params) implements Frame {}

  /**
   * A call succeeded.
   *
   * @param id of the call
   * @param result what it gave
   */
  record Result(long id, Json result) implements Frame {}

  /**
   * A call failed.
   *
   * @param id of the call; null when it could not be read
   * @param code the reason
   * @param message for people
   * @param retryAfter when to try again; null when unknown
   */
  record Failure(@Nullable Long id, ErrorCode code, String message, @Nullable Duration retryAfter)
      implements Frame {}

  /**
   * Something happened.
   *
   * @param event what
   * @param room where; null when it is not of a room
   * @param data what goes with it
   */
  record Event(String event, @Nullable String room, Json data) implements Frame {
    /** An event that is not of a room. */
    public static Event of(String event, Json data) {
      return new Event(event, null, data);
    }

    /** The members of the data. */
    public Map<String, Json> fields() {
      return data.fields();
    }
  }

  /** A sign of life. */
  record Heartbeat() implements Frame {
    /** The only one. */
    public static final Heartbeat INSTANCE = new Heartbeat();
  }
}
