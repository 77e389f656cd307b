package dev.realtime4j.server.internal.websocket;

import java.io.IOException;

/**
 * What a socket is being used for: handshake, refusal, or open WebSocket. Called on the loop's
 * thread; an exception closes the socket.
 */
interface ChannelState {
  /** The stage begins. */
  void entered() throws IOException;

  /** There is something to read. */
  void readable() throws IOException;

  /** There is room to write again. */
  void writable() throws IOException;

  /** Before the socket is open: whether the client has to do something next, or the server. */
  default boolean keepsServerWaiting() {
    return true;
  }

  /** The client showed that it is alive: bytes came, or a full socket took more. */
  default void signOfLife() {}

  /** The stage's deadline has passed. */
  void overdue() throws IOException;

  /** The transport closes: say goodbye, shortly. */
  void shutDown() throws IOException;

  /** The socket is closed; the last call. */
  void closed();
}
