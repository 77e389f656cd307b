package dev.realtime4j.testkit;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.PresenceJson;
import java.util.HashMap;
import java.util.Map;

/** Who is there. Without the grace time of a real server. Used by the wire only. */
final class FakePresences {
  private final Map<UserId, Presence> known = new HashMap<>();
  private final VirtualTime time;
  private final Pushes pushes;

  FakePresences(VirtualTime time, Pushes pushes) {
    this.time = time;
    this.pushes = pushes;
  }

  Presence of(UserId user) {
    return known.getOrDefault(user, Presence.offline(user, null));
  }

  /** The user is so from now on; who watches them hears a change. */
  Presence set(UserId user, PresenceStatus status) {
    PresenceStatus before = of(user).status();
    Presence now = new Presence(user, status, time.now());
    known.put(user, now);
    if (before != status) {
      pushes.to(
          connection -> connection.watched.contains(user),
          Frame.Event.of("presence.changed", PresenceJson.of(now)));
    }
    return now;
  }

  /** The user has a connection: whoever was offline is online. */
  void came(UserId user) {
    if (of(user).status() == PresenceStatus.OFFLINE) {
      set(user, PresenceStatus.ONLINE);
    }
  }
}
