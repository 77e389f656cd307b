package dev.realtime4j.client.internal.desired;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the application wants to hold on every connection: its rooms, its own status, whom it
 * watches. Bounded by what the server allows one socket.
 *
 * <p>Used by the loop only.
 */
public final class DesiredState {
  private final DesiredSet<RoomName> rooms = new DesiredSet<>();
  private final DesiredSet<UserId> watched = new DesiredSet<>();
  private final Map<UserId, Presence> known = new HashMap<>();
  private @Nullable PresenceStatus status;
  private @Nullable PresenceStatus grantedStatus;
  private long statusCalls;

  /** A call joins a room. */
  public DesiredSet<RoomName>.Claim join(RoomName room) {
    return rooms.claim(List.of(room));
  }

  void leave(RoomName room) {
    rooms.giveUp(room);
  }

  boolean wants(RoomName room) {
    return rooms.contains(room);
  }

  List<RoomName> rooms() {
    return rooms.all();
  }

  /**
   * A call sets the status.
   *
   * @return its number
   */
  long status(PresenceStatus wanted) {
    status = wanted;
    return ++statusCalls;
  }

  /** That call was answered. */
  void statusGranted(PresenceStatus granted) {
    grantedStatus = granted;
  }

  /** That call failed: unless there was another one since, what was granted before holds. */
  void statusFailed(long call) {
    if (call == statusCalls) {
      status = grantedStatus;
    }
  }

  @Nullable PresenceStatus status() {
    return status;
  }

  /** A call watches users. */
  DesiredSet<UserId>.Claim watch(Collection<UserId> users) {
    return watched.claim(users);
  }

  void unwatch(Collection<UserId> users) {
    users.forEach(watched::giveUp);
    users.forEach(known::remove);
  }

  boolean watches(UserId user) {
    return watched.contains(user);
  }

  List<UserId> watched() {
    List<UserId> all = watched.all();
    known.keySet().retainAll(all);
    return all;
  }

  /** Remembers how a watched user is; whether that differs from what was known. */
  public boolean heard(Presence presence) {
    if (!watched.contains(presence.userId())) {
      return true;
    }
    Presence before = known.put(presence.userId(), presence);
    return before == null || before.status() != presence.status();
  }
}
