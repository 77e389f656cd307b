package dev.realtime4j.client.internal;

import dev.realtime4j.client.internal.websocket.SocketFactory;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets of a client that have not ended: the one in use, and those that still say goodbye.
 *
 * <p>Thread safety: any thread.
 */
final class OpenSockets {
  private final Set<SocketFactory.Socket> sockets = ConcurrentHashMap.newKeySet();

  void add(SocketFactory.Socket socket) {
    sockets.removeIf(old -> old.ended().isDone());
    sockets.add(socket);
  }

  /** Done when each of them has ended. */
  CompletableFuture<Void> ended() {
    return CompletableFuture.allOf(
        sockets.stream().map(SocketFactory.Socket::ended).toArray(CompletableFuture<?>[]::new));
  }

  /** Ends those that are left when the loop, which would end their goodbye, has ended itself. */
  void abort() {
    sockets.forEach(SocketFactory.Socket::abort);
  }
}
