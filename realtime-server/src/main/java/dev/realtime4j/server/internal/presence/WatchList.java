package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.session.Session;
import java.util.HashSet;
import java.util.Set;

/**
 * Whom one socket wants to watch, and who of them it may see. Both belong to who holds its lock; it
 * is held while policy and store are asked, so a recheck and a call of the socket are in order.
 *
 * <p>Thread safety: none but by its lock.
 */
final class WatchList {
  /** All that it asked for. */
  final Set<UserId> wanted = new HashSet<>();

  /** Those of them that are held: the others are hidden. */
  final Set<UserId> seen = new HashSet<>();

  static WatchList of(Session session) {
    return session.state(WatchList.class, WatchList::new);
  }
}
