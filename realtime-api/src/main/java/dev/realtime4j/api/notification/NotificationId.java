package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Uuids;
import java.util.Objects;
import java.util.UUID;

/**
 * Which notification.
 *
 * @param value a UUIDv7 for those that this library made; never the nil UUID
 */
public record NotificationId(UUID value) implements Comparable<NotificationId> {
  /**
   * An id that a store made, or a test.
   *
   * @throws InvalidValueException for the nil UUID
   */
  public NotificationId {
    if (value.getMostSignificantBits() == 0 && value.getLeastSignificantBits() == 0) {
      throw new InvalidValueException("id must not be the nil UUID");
    }
  }

  /**
   * @param text a UUID in its 36-character form
   * @throws InvalidValueException when it is anything else
   */
  public static NotificationId of(String text) {
    Objects.requireNonNull(text, "text");
    return new NotificationId(Uuids.parse("id", text));
  }

  /** By the bytes, as PostgreSQL orders them: for UUIDv7 the order of time. */
  @Override
  public int compareTo(NotificationId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
