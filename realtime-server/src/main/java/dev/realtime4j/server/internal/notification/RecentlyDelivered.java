package dev.realtime4j.server.internal.notification;

import dev.realtime4j.server.internal.session.Session;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The newest notifications that went to one socket, so that neither a sweep nor the relay sends
 * them again. Bounded: what falls out may be sent twice, and the client drops the repeat.
 *
 * <p>Thread safety: any thread.
 */
final class RecentlyDelivered {
  private static final int KEPT = 512;

  private final Set<String> ids =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > KEPT;
            }
          });

  static RecentlyDelivered of(Session session) {
    return session.state(RecentlyDelivered.class, RecentlyDelivered::new);
  }

  /** What a sweep has brought, or the relay pushes once more, goes to a socket once. */
  static boolean isNew(Session session, String id) {
    return of(session).add(id);
  }

  /** Remembers one; false when it was there. */
  synchronized boolean add(String id) {
    return ids.add(id);
  }
}
