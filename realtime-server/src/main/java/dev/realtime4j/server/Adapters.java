package dev.realtime4j.server;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.listener.SocketListener;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.Method;
import java.util.HashMap;
import java.util.Map;

/** The application's own code, as the engine calls it. */
final class Adapters {
  private Adapters() {}

  static Map<String, Method> methods(Map<String, MethodHandler> handlers) {
    Map<String, Method> methods = new HashMap<>();
    handlers.forEach((name, handler) -> methods.put(name, method(handler)));
    return methods;
  }

  private static Method method(MethodHandler handler) {
    return (session, params) ->
        Answer.of(handler.handle(new MethodCall(session.principal(), session.id(), params.json())));
  }

  static SocketListener listener(ConnectionListener listener) {
    return new SocketListener() {
      @Override
      public void opened(UserId user, SocketId socket) {
        listener.onConnect(user, socket);
      }

      @Override
      public void closed(UserId user, SocketId socket, int code, String reason) {
        listener.onDisconnect(user, socket, code, reason);
      }
    };
  }
}
