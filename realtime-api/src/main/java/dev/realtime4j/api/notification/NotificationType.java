package dev.realtime4j.api.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import java.util.Objects;

/** How urgent a notification is. */
public enum NotificationType {
  /** Good to know; what a notification is when nobody says. */
  INFO,
  /** Something needs looking at. */
  WARNING,
  /** Something needs doing now. */
  ALERT;

  /**
   * @param text one of the names, in upper case
   * @throws InvalidValueException when it is anything else
   */
  public static NotificationType of(String text) {
    Objects.requireNonNull(text, "text");
    try {
      return valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          ErrorCode.BAD_REQUEST, "type must be INFO, WARNING or ALERT", e);
    }
  }
}
