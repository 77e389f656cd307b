package dev.realtime4j.api;

import java.util.Objects;
import java.util.UUID;

/**
 * Which user.
 *
 * @param value the application's own id of the user; never the nil UUID
 */
public record UserId(UUID value) implements Comparable<UserId> {
  /**
   * A user by the application's own UUID.
   *
   * @throws InvalidValueException for the nil UUID
   */
  public UserId {
    if (value.getMostSignificantBits() == 0 && value.getLeastSignificantBits() == 0) {
      throw new InvalidValueException("user_id must not be the nil UUID");
    }
  }

  /**
   * @param text a UUID in its 36-character form
   * @throws InvalidValueException when it is anything else
   */
  public static UserId of(String text) {
    Objects.requireNonNull(text, "text");
    return new UserId(Uuids.parse("user_id", text));
  }

  /**
   * The user whom the application knows by a number or a name instead of a UUID: always the same
   * UUID for the same arguments, on every machine and in every language (RFC 9562, version 5:
   * SHA-1).
   *
   * @param namespace which kind of names: a UUID of the application's own, made once and never
   *     changed, so that two applications do not share their users
   * @param name the application's id of the user, as a text: {@code Long.toString(id)}; not empty
   * @throws IllegalArgumentException when the name is empty
   */
  public static UserId named(UUID namespace, String name) {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name is empty; give the application's id of the user");
    }
    return new UserId(Uuids.named(namespace, name));
  }

  /** By the bytes, as PostgreSQL orders them: the order of the text. */
  @Override
  public int compareTo(UserId other) {
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
