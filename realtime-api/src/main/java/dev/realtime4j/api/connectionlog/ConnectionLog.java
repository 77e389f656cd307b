package dev.realtime4j.api.connectionlog;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The store of every accepted connection; a service provider interface, and what a host reads.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is away.
 */
public interface ConnectionLog {
  /**
   * Writes connections as they are now: an open one is inserted, a closed one is inserted or
   * completed. One that {@link #closeServer} has closed is what its node says now, open or closed.
   * One transaction; repeating it changes nothing.
   *
   * @param entries at most one for each id
   */
  void write(List<ConnectionLogEntry> entries);

  /**
   * Closes what a dead node left open, with the reason {@link ConnectionLogEntry#SERVER_LOST}.
   *
   * @param server the dead node
   * @param lastSeen its last sign of life: the time of closing, or the time of opening if that is
   *     later
   * @return how many were closed
   */
  int closeServer(ServerId server, Instant lastSeen);

  /** A user's connections, newest first. */
  Page<ConnectionLogEntry> connections(UserId user, PageRequest page);

  /** The connections that were open at a time, newest first. */
  Page<ConnectionLogEntry> openAt(Instant at, PageRequest page);

  /**
   * When these users were last connected: the time of the newest close, or of the newest opening
   * when that is not closed.
   *
   * @return one entry for each user that ever was
   */
  Map<UserId, Instant> lastSeen(Collection<UserId> users);

  /** Removes all rows of a user, and answers how many. */
  int erase(UserId user);

  /**
   * Looks whether this store can be used as it is: that its tables are there and of the version
   * that this code needs, and that it has its rights on them. Changes nothing and is cheap: a node
   * calls it at its start, and then every 5 to 30 seconds. A node whose store never was fit is not
   * ready.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the store does not
   *     answer, so that nobody can tell; another code when somebody has to mend it, with a message
   *     that says what is wrong and what to do. It is shown in the health of the node: it holds
   *     nothing secret, and is the same each time
   */
  default void check() {}

  /**
   * Makes room for the months ahead, and drops what retention has ended: all of {@link
   * #maintenance}, also when a part fails. Any node, any time. What others use at this moment is
   * left for the next time.
   */
  void maintain();

  /**
   * The same in steps, which a node runs one by one. Override it where one thing may fail and
   * another go on.
   */
  default List<MaintenanceStep> maintenance() {
    return List.of(
        new MaintenanceStep(
            "all",
            () -> {
              maintain();
              return MaintenanceStep.Outcome.DONE;
            }));
  }

  /**
   * For how many months ahead there is room, as {@link #maintain} makes it; empty for a store to
   * which that means nothing. At zero somebody should look.
   */
  default OptionalInt monthsAhead() {
    return OptionalInt.empty();
  }
}
