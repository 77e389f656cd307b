package dev.realtime4j.api.room;

import dev.realtime4j.api.auth.Principal;

/**
 * Who may do what in which room; a service provider interface that the application may implement.
 *
 * <p>Thread safety: called by several threads at once. It may block: it runs on the server's
 * workers, and its slowness delays only the session that asked. An exception counts as a refusal; a
 * {@link dev.realtime4j.api.RealtimeException} reaches the client as it is.
 */
public interface RoomPolicy {
  /** Whether this user may be in this room. Asked at a join, and again at a recheck. */
  boolean mayJoin(Principal principal, RoomName room);

  /**
   * Whether this user may publish to this room. Asked for every publish of a client; membership is
   * not checked, so that a program may publish without listening.
   */
  boolean mayPublish(Principal principal, RoomName room);

  /** Everybody may join, only the application may publish: the default. */
  static RoomPolicy listenOnly() {
    return new FixedRoomPolicy(false);
  }

  /** Everybody may join and publish. */
  static RoomPolicy open() {
    return new FixedRoomPolicy(true);
  }
}
