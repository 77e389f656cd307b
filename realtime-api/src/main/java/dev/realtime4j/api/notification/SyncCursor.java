package dev.realtime4j.api.notification;

import dev.realtime4j.api.InvalidValueException;

/**
 * Up to where a client has everything; opaque to everybody except the store that made it.
 *
 * @param value 1 to 200 characters of {@code A-Z a-z 0-9 _ . ~ -}, so that it fits into a URL as it
 *     is
 */
public record SyncCursor(String value) {
  /**
   * A cursor as a store made it, or as a client sent it back.
   *
   * @throws InvalidValueException when the value has other characters, none, or more than 200
   */
  public SyncCursor {
    if (value.isEmpty() || value.length() > 200 || !value.matches("[A-Za-z0-9_.~-]+")) {
      throw new InvalidValueException("the cursor is not one of this server's");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
