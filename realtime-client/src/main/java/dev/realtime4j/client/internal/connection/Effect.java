package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.ConnectionChange;
import java.time.Duration;

/** What the loop is to do after a transition, in order. */
public sealed interface Effect {
  /** Begins an attempt. */
  record Open(long generation, TokenStanding token) implements Effect {}

  /** Ends the attempt or connection there is, if any; it is not heard of again. */
  record Drop(CloseMode mode) implements Effect {}

  /** Sorts out the calls that were under way. */
  record GoOffline() implements Effect {}

  /** Sends {@link Signal.RetryDue} after the delay. */
  record AwaitRetry(long generation, Duration delay) implements Effect {}

  /** Brings rooms, presence and watches back, then sends {@link Signal.Restored}. */
  record Restore(long generation) implements Effect {}

  /** Lets the application's calls flow. */
  record GoOnline() implements Effect {}

  /** Sends {@link Signal.Stable} when the connection has held for a while. */
  record AwaitStable(long generation) implements Effect {}

  /** Nothing will come: fails every call and everybody who waits for the connection. */
  record GiveUp(RealtimeException cause) implements Effect {}

  /** Tells the application. */
  record Announce(ConnectionChange change) implements Effect {}

  /** Whether to say goodbye. */
  enum CloseMode {
    /** With a close frame: the other end is there. */
    POLITE,
    /** Without: the other end is not there. */
    ABRUPT
  }

  /** How the last token did. */
  enum TokenStanding {
    /** Nothing is known against it. */
    GOOD,
    /** The server refused it. */
    REFUSED
  }
}
