package dev.realtime4j.server;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.auth.Principal;

/**
 * A client's call of a method that the application registered. {@code toString} does not show the
 * parameters.
 *
 * @param principal who calls
 * @param socketId on which socket
 * @param params what with; a JSON object
 */
public record MethodCall(Principal principal, SocketId socketId, Json params) {
  @Override
  public String toString() {
    return "MethodCall[of " + principal.userId() + ", socket " + socketId + "]";
  }
}
