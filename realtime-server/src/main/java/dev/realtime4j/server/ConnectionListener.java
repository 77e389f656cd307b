package dev.realtime4j.server;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;

/**
 * Hears of sockets that open and close on this node: each once, in this order for one socket.
 *
 * <p>Thread safety: called by several threads at once, on the server's workers. It may block; that
 * delays its own socket only. Exceptions are logged.
 */
public interface ConnectionListener {
  /** A socket was accepted; it has not heard anything yet. */
  default void onConnect(UserId user, SocketId socket) {}

  /**
   * A socket is gone.
   *
   * @param closeCode the WebSocket close code; 1006 when there was none
   * @param reason why; may be empty
   */
  default void onDisconnect(UserId user, SocketId socket, int closeCode, String reason) {}
}
