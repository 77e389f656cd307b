package dev.realtime4j.server;

import dev.realtime4j.api.Json;

/**
 * Answers a method that the application defines.
 *
 * <p>Thread safety: called by several threads at once, for one socket one call at a time and in
 * order. It runs on a worker of the server and may block; that delays only its own socket.
 */
@FunctionalInterface
public interface MethodHandler {
  /**
   * Handles one call.
   *
   * @return the result; the client gets it if it asked for an answer
   * @throws dev.realtime4j.api.RealtimeException reaches the client with its code and message; any
   *     other exception reaches it as {@code RT_INTERNAL} without a message, and the server's log
   *     in full
   */
  Json handle(MethodCall call);
}
