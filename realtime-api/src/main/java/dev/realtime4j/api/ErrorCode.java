package dev.realtime4j.api;

import java.util.Objects;

/**
 * Why a call was refused, as it stands on the wire and in HTTP answers ({@code RT_} + name).
 *
 * <p>Thread safety: an enum.
 */
public enum ErrorCode {
  /** The message or a parameter is not valid. */
  BAD_REQUEST(400),
  /** No method and no handler of that name. */
  UNKNOWN_METHOD(404),
  /** No token, or one that is not valid. */
  UNAUTHORIZED(401),
  /** Known, but not allowed to do this. */
  FORBIDDEN(403),
  /** There is no such thing, or it is another user's. */
  NOT_FOUND(404),
  /** The room name is malformed or reserved. */
  INVALID_CHANNEL(400),
  /** The room has reached its largest size. */
  ROOM_FULL(409),
  /** Too many messages in too short a time. */
  RATE_LIMITED(429),
  /** A limit on size or number was reached. */
  LIMIT_EXCEEDED(400),
  /** A store is unavailable, or a queue is full: try again. */
  UNAVAILABLE(503),
  /** The server failed; the cause is in its log. */
  INTERNAL(500);

  private final int httpStatus;

  ErrorCode(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  /** The code as it stands on the wire, for example {@code RT_ROOM_FULL}. */
  public String wire() {
    return "RT_" + name();
  }

  /** The HTTP status that goes with it. */
  public int httpStatus() {
    return httpStatus;
  }

  /**
   * The code of a wire name; {@link #INTERNAL} for a name this version does not know.
   *
   * @param wire for example {@code RT_ROOM_FULL}
   */
  public static ErrorCode ofWire(String wire) {
    Objects.requireNonNull(wire, "wire");
    for (ErrorCode code : values()) {
      if (code.wire().equals(wire)) {
        return code;
      }
    }
    return INTERNAL;
  }
}
