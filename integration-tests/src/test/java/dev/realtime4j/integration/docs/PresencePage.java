package dev.realtime4j.integration.docs;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.RealtimeServer;
import java.util.List;
import java.util.Set;

/** What docs/presence.md shows. */
abstract class PresencePage {
  abstract void show(Presence presence);

  /** The application's own friends. */
  interface Friends {
    Set<UserId> of(UserId user, Set<UserId> among);
  }

  void presence(RealtimeServer server, UserId user) {
    // docs:begin
    Presence presence = server.presence().get(user); // status, lastSeen
    server.presence().set(user, PresenceStatus.BUSY); // on all their devices; the last call wins
    Registration watching = server.presence().watch(List.of(user), change -> show(change));
    watching.close(); // ends it
    // docs:end
  }

  static void policy(RealtimeServer server, Friends friends, UserId user) {
    // docs:begin
    RealtimeServer.builder()
        .presencePolicy((viewer, users) -> friends.of(viewer.userId(), users)); // a subset
    server.presence().recheck(user); // a right was given or taken: ask again, on all nodes
    // docs:end
  }
}
