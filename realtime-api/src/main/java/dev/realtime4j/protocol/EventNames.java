package dev.realtime4j.protocol;

import dev.realtime4j.api.InvalidValueException;
import java.util.List;
import java.util.Set;

/**
 * Which names the events of applications may have.
 *
 * <p>Thread safety: stateless.
 */
public final class EventNames {
  private static final Set<String> RESERVED = Set.of("connected", "token_expired");
  private static final List<String> RESERVED_PREFIXES =
      List.of("auth.", "notification.", "presence.", "room.", "server.");

  /** What the clients call their own news by: nobody shall take a member's event for it. */
  private static final Set<String> OF_THE_CLIENTS =
      Set.of("state", "unread", "joined", "refused", "repeat", "frame");

  private static final int LONGEST = 128;

  private EventNames() {}

  /**
   * The rule for everybody.
   *
   * @throws InvalidValueException for a name that is taken or malformed
   */
  public static void check(String event) {
    if (event.isEmpty() || event.length() > LONGEST) {
      throw new InvalidValueException("event must have 1 to " + LONGEST + " characters");
    }
    if (event.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException("event must not hold control characters");
    }
    if (event.codePoints().anyMatch(EventNames::isHalfOfAPair)) {
      throw new InvalidValueException("event holds half of a surrogate pair");
    }
    if (RESERVED.contains(event) || RESERVED_PREFIXES.stream().anyMatch(event::startsWith)) {
      throw new InvalidValueException(
          "event must not be a name of the protocol itself, such as " + RESERVED_PREFIXES);
    }
  }

  /**
   * The rule for events that clients publish, beside the one for everybody.
   *
   * @throws InvalidValueException for a name that clients use for themselves
   */
  public static void checkOfClient(String event) {
    if (OF_THE_CLIENTS.contains(event)) {
      throw new InvalidValueException(
          "event must not be a name that clients use for themselves: " + OF_THE_CLIENTS);
    }
  }

  /** Text as UTF-8 could not hold it: it would arrive as another name. */
  private static boolean isHalfOfAPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
