package dev.realtime4j.server.internal.websocket;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a loop that ask for something: any thread puts one in, the loop takes all.
 *
 * <p>Bounded by the number of connections, as each is in it at most once; the links are fields of
 * the connections, so that nothing is allocated.
 */
final class RequestStack {
  private final AtomicReference<@Nullable Connection> top = new AtomicReference<>();

  /** Puts a connection in that is not in it. */
  void push(Connection connection) {
    Connection below;
    do {
      below = top.get();
      connection.nextRequesting = below;
    } while (!top.compareAndSet(below, connection));
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** Takes all, the oldest first, linked by {@link Connection#nextRequesting}. */
  @Nullable Connection takeAll() {
    Connection newest = top.getAndSet(null);
    Connection oldest = null;
    while (newest != null) {
      Connection older = newest.nextRequesting;
      newest.nextRequesting = oldest;
      oldest = newest;
      newest = older;
    }
    return oldest;
  }
}
