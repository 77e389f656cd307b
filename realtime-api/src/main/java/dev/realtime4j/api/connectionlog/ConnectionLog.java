package dev.realtime4j.api.connectionlog;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import dev.realtime4j.api.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The store of every accepted connection; a service provider interface, and what an application
 * reads. {@link StoreDiagnostics} and {@link StoreMaintenance} are optional: their methods have
 * defaults.
 *
 * <p>Thread safety: every method may be called by any thread. All of them may block on the database
 * and throw {@link dev.realtime4j.api.RealtimeException} {@code UNAVAILABLE} when it is
 * unavailable.
 */
public interface ConnectionLog extends StoreDiagnostics, StoreMaintenance {
  /**
   * Writes connections as they are now: an open one is inserted, a closed one is inserted or
   * completed. A connection that {@link #closeServer} has closed becomes what its node says now,
   * open or closed. One transaction; repeating it changes nothing.
   *
   * @param entries at most one for each id
   */
  void write(List<ConnectionLogEntry> entries);

  /**
   * Closes the connections that a dead node left open, with the reason {@link
   * ConnectionLogEntry#SERVER_LOST}.
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

  /** Removes all rows of a user, and returns how many. */
  int erase(UserId user);
}
