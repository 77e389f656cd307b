package dev.realtime4j.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.UUID;

/**
 * Reads UUIDs strictly: {@link UUID#fromString} alone accepts {@code 1-1-1-1-1}.
 *
 * <p>Thread safety: stateless.
 */
public final class Uuids {
  private Uuids() {}

  /** Version 5 of RFC 9562: by the SHA-1 of namespace and name. */
  static UUID named(UUID namespace, String name) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(namespace.getMostSignificantBits());
    bytes.putLong(namespace.getLeastSignificantBits());
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-1");
      sha.update(bytes.array());
      ByteBuffer digest = ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
      long high = digest.getLong() & ~0xF000L | 0x5000L;
      long low = digest.getLong() & ~(3L << 62) | 2L << 62;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-1", e);
    }
  }

  /**
   * @param field the name to use in the error
   * @param text a UUID in its 36-character form, in upper or lower case
   * @throws InvalidValueException that names the field
   */
  public static UUID parse(String field, String text) {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(text, "text");
    if (text.length() == 36) {
      try {
        UUID uuid = UUID.fromString(text);
        if (uuid.toString().equalsIgnoreCase(text)) {
          return uuid;
        }
      } catch (IllegalArgumentException e) {
        throw new InvalidValueException(ErrorCode.BAD_REQUEST, field + " is not a UUID", e);
      }
    }
    throw new InvalidValueException(field + " is not a UUID");
  }

  /**
   * Reads the cursor of a page, for stores whose cursors are UUIDs. Clients pass them on, so an
   * invalid one is not the calling code's fault.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it is no UUID
   */
  public static UUID cursor(String text) {
    try {
      return parse("cursor", text);
    } catch (InvalidValueException e) {
      throw e.asFailure();
    }
  }
}
