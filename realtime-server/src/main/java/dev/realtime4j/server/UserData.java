package dev.realtime4j.server;

import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.notification.NotificationUserData;
import java.util.List;

/** Everything that the stores hold about a user. */
final class UserData {
  private static final int PAGE = 100;

  private final NotificationUserData notifications;
  private final ConnectionLog connections;

  UserData(NotificationUserData notifications, ConnectionLog connections) {
    this.notifications = notifications;
    this.connections = connections;
  }

  int erase(UserId user) {
    return notifications.erase(user) + connections.erase(user);
  }

  void export(UserId user, UserDataVisitor export) {
    notifications.export(user, export::notification);
    notifications.idempotencyKeys(user).forEach(export::idempotencyKey);
    connections.lastSeen(List.of(user)).values().forEach(export::lastSeen);
    PageRequest request = PageRequest.first(PAGE);
    while (true) {
      Page<ConnectionLogEntry> page = connections.connections(user, request);
      page.items().forEach(export::connection);
      String next = page.nextCursor();
      if (next == null) {
        return;
      }
      request = new PageRequest(PAGE, next);
    }
  }
}
