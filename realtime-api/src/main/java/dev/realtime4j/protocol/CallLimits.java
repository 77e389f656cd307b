package dev.realtime4j.protocol;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;

/**
 * What one call may hold, and what it costs: server and clients count alike.
 *
 * <p>Thread safety: stateless.
 */
public final class CallLimits {
  /** How many users one call may name. */
  public static final int USERS_AT_ONCE = 200;

  /** How large an event of a client may be when nothing is set, in bytes of its whole message. */
  public static final int CLIENT_EVENT_BYTES = 8 * 1024;

  /**
   * So many users cost as much as a message. Whoever comes back to the 1,000 that a socket may
   * watch spends 20 on them, which is what a server lets pass at once.
   */
  private static final int USERS_FOR_ONE_MESSAGE = 50;

  private CallLimits() {}

  /**
   * How many messages a call costs that names so many users; at least 1.
   *
   * @param users at most {@value #USERS_AT_ONCE}
   */
  public static int costOf(int users) {
    return Math.max(1, (users + USERS_FOR_ONE_MESSAGE - 1) / USERS_FOR_ONE_MESSAGE);
  }

  /**
   * @param users how many a call names
   * @throws RealtimeException {@code LIMIT_EXCEEDED} for more than one call may name
   */
  public static void checkUsers(int users) {
    if (users > USERS_AT_ONCE) {
      throw new RealtimeException(
          ErrorCode.LIMIT_EXCEEDED,
          "params.user_ids may hold " + USERS_AT_ONCE + " at once; call it again");
    }
  }

  /**
   * @param bytes of an event's whole message
   * @param most how many it may have
   * @throws InvalidValueException for more
   */
  public static void checkEventBytes(int bytes, int most) {
    if (bytes > most) {
      throw new InvalidValueException("the event is larger than " + most + " bytes: " + bytes);
    }
  }
}
