package dev.realtime4j.api.room;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.UserId;
import java.util.Objects;

/**
 * Which room.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 _ . : -}
 */
public record RoomName(String value) {
  private static final String USER_PREFIX = "user:";

  /**
   * A room's name, private ones among them: {@link #of} refuses these.
   *
   * @throws InvalidValueException of the code {@code INVALID_CHANNEL} when it is malformed
   */
  public RoomName {
    if (value.isEmpty() || value.length() > 128) {
      throw invalid("must have 1 to 128 characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean fine =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || "_.:-".indexOf(c) >= 0;
      if (!fine) {
        throw invalid("may hold only A-Z a-z 0-9 _ . : -");
      }
    }
  }

  /**
   * A room that is open to clients and hosts.
   *
   * @throws InvalidValueException of the code {@code INVALID_CHANNEL} when it is malformed, or
   *     begins with the reserved {@code user:}
   */
  public static RoomName of(String name) {
    Objects.requireNonNull(name, "name");
    if (name.startsWith(USER_PREFIX)) {
      throw invalid("must not begin with \"user:\", which is reserved");
    }
    return new RoomName(name);
  }

  /** The private room that all sockets of a user are in. */
  public static RoomName ofUser(UserId user) {
    Objects.requireNonNull(user, "user");
    return new RoomName(USER_PREFIX + user);
  }

  /** Whether it is the private room of a user. */
  public boolean isUserRoom() {
    return value.startsWith(USER_PREFIX);
  }

  /**
   * The user whose private room it is.
   *
   * @throws InvalidValueException of the code {@code INVALID_CHANNEL} when it is none, or has no
   *     user's UUID behind {@code user:}
   */
  public UserId user() {
    try {
      return UserId.of(isUserRoom() ? value.substring(USER_PREFIX.length()) : "");
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          ErrorCode.INVALID_CHANNEL, "a user's room is \"user:\" and the user's UUID", e);
    }
  }

  private static InvalidValueException invalid(String rule) {
    return new InvalidValueException(ErrorCode.INVALID_CHANNEL, "a room name " + rule, null);
  }

  @Override
  public String toString() {
    return value;
  }
}
