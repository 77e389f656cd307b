package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.ADMIN;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.protocol.WireTime;
import java.util.List;

/** The log of a user's connections. */
final class ConnectionEndpoints {
  private final ConnectionLog connectionLog;

  ConnectionEndpoints(ConnectionLog connectionLog) {
    this.connectionLog = connectionLog;
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/connections", ADMIN, Route.UNLIMITED, this::list));
  }

  private HttpResponse list(Call call) {
    Query query = call.query();
    String user = query.text("user_id");
    if (user == null) {
      throw RealtimeException.badRequest("user_id is required");
    }
    UserId userId = new UserId(Fields.uuid("user_id", user));
    return Pages.answer(
        connectionLog.connections(userId, query.page()).map(ConnectionEndpoints::json));
  }

  private static Json json(ConnectionLogEntry entry) {
    return Json.object(
        "id", entry.id(),
        "user_id", entry.userId(),
        "server_id", entry.serverId(),
        "socket_id", entry.socketId(),
        "remote_address", entry.remoteAddress().getHostAddress(),
        "user_agent", entry.userAgent(),
        "connected_at", WireTime.format(entry.connectedAt()),
        "disconnected_at", WireTime.formatOrNull(entry.disconnectedAt()),
        "close_code", entry.closeCode(),
        "close_reason", entry.closeReason());
  }
}
