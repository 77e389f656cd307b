package dev.realtime4j.api;

import java.util.UUID;

/**
 * Reads UUIDs strictly: {@link UUID#fromString} alone accepts {@code 1-1-1-1-1}.
 *
 * <p>Thread safety: stateless.
 */
public final class Uuids {
  private Uuids() {}

  /**
   * @param field the name to use in the error
   * @param text a UUID in its 36-character form, in upper or lower case
   * @throws RealtimeException {@code BAD_REQUEST} that names the field
   */
  public static UUID parse(String field, String text) {
    if (text.length() == 36) {
      try {
        UUID uuid = UUID.fromString(text);
        if (uuid.toString().equalsIgnoreCase(text)) {
          return uuid;
        }
      } catch (IllegalArgumentException e) {
        throw new RealtimeException(ErrorCode.BAD_REQUEST, field + " is not a UUID", e);
      }
    }
    throw RealtimeException.badRequest(field + " is not a UUID");
  }
}
