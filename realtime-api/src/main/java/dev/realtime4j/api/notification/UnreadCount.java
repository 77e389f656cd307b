package dev.realtime4j.api.notification;

/**
 * How many notifications of a user are unread.
 *
 * @param count exact up to {@value #CAP}
 * @param capped whether there are more than that, and {@code count} is {@value #CAP}
 */
public record UnreadCount(int count, boolean capped) {
  /** Up to here it is counted. */
  public static final int CAP = 1000;

  /** The count of so many, capped when there are too many. */
  public static UnreadCount of(long unread) {
    return unread > CAP ? new UnreadCount(CAP, true) : new UnreadCount((int) unread, false);
  }
}
