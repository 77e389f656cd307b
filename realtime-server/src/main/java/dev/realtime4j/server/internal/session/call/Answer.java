package dev.realtime4j.server.internal.session.call;

import dev.realtime4j.api.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a method gives back.
 *
 * @param result what the client gets; not sent for a call without an id
 * @param afterwards run once the result is on its way, so that what it sends comes after it; null
 *     for nothing
 */
public record Answer(Json result, @Nullable Runnable afterwards) implements Reply {
  /** Nothing but an empty object. */
  public static final Answer EMPTY = of(Json.EMPTY);

  /** A plain result. */
  public static Answer of(Json result) {
    return new Answer(result, null);
  }
}
