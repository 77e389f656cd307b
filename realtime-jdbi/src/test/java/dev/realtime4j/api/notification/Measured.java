package dev.realtime4j.api.notification;

import dev.realtime4j.api.Json;

/** Hands out what is not public. */
public final class Measured {
  private Measured() {}

  /** How large PostgreSQL's text of this value will be. */
  public static int storedBytes(Json json) {
    return StorableJson.storedBytes(json);
  }
}
