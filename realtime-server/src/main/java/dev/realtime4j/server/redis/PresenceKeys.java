package dev.realtime4j.server.redis;

import dev.realtime4j.api.UserId;
import java.util.List;

/** The keys of one user's presence, all in one slot: the hash's name is the others' hash tag. */
final class PresenceKeys {
  private PresenceKeys() {}

  /** What other programs may read: status, server_id, socket_id, last_seen. */
  static String hash(UserId user) {
    return "user:presence:" + user;
  }

  /** In the order that the scripts expect. */
  static List<String> of(UserId user) {
    String hash = hash(user);
    return List.of(hash, "realtime:sockets:{" + hash + "}", "realtime:announced:{" + hash + "}");
  }
}
