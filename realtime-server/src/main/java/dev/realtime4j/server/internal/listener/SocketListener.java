package dev.realtime4j.server.internal.listener;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;

/** Hears of sockets that open and close on this node. It may block and throw. */
public interface SocketListener {
  /** A socket opened. */
  void opened(UserId user, SocketId socket);

  /**
   * A socket is gone.
   *
   * @param code the close code
   * @param reason why
   */
  void closed(UserId user, SocketId socket, int code, String reason);
}
