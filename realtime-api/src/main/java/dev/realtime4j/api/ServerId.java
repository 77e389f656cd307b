package dev.realtime4j.api;

/**
 * Which node.
 *
 * @param value 1 to 64 characters of {@code A-Z a-z 0-9 _ . -}; no two nodes of a cluster that run
 *     at the same time may share it
 */
public record ServerId(String value) {
  /**
   * An id of the application's own.
   *
   * @throws InvalidValueException when the value has other characters, none, or more than 64
   */
  public ServerId {
    Names.check("server_id", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
