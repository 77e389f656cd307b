package dev.realtime4j.server;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;

/**
 * Is told of sockets that open and close on this node: each once, in this order for one socket.
 *
 * <p>Thread safety: called by several threads at once, which only run the application's listeners:
 * up to four calls of a listener run at the same time. It may block; that delays only its own
 * calls, neither sockets nor other listeners. A listener that falls 10,000 calls behind misses the
 * oldest, with a warning. Exceptions are logged.
 */
public interface ConnectionListener {
  /** A socket was accepted. The client may have been served already when this is called. */
  default void onConnect(UserId user, SocketId socket) {}

  /**
   * A socket is gone.
   *
   * @param closeCode the WebSocket close code; 1006 when there was none
   * @param reason why; may be empty
   */
  default void onDisconnect(UserId user, SocketId socket, int closeCode, String reason) {}
}
