package dev.realtime4j.api;

/**
 * Which socket: unique over the cluster and never used again.
 *
 * @param value 1 to 64 characters of {@code A-Z a-z 0-9 _ . -}
 */
public record SocketId(String value) {
  /**
   * An id of a transport's own.
   *
   * @throws InvalidValueException when the value has other characters, none, or more than 64
   */
  public SocketId {
    Names.check("socket_id", value, 64);
  }

  @Override
  public String toString() {
    return value;
  }
}
