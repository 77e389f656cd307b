package dev.realtime4j.integration.docs;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.PendingPush;
import dev.realtime4j.api.notification.PendingPushes;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.JdbiTransaction;
import dev.realtime4j.server.RealtimeServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Period;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What docs/notifications.md shows, beside its transactions of Spring and JTA. */
final class NotificationsPage {
  private NotificationsPage() {}

  /** The application's own orders. */
  interface Orders {
    void ship(Handle handle, long order);
  }

  static void send(RealtimeServer server, UUID uuid, List<UserId> users) {
    // docs:begin
    Notifications notifications = server.notifications();
    UserId user = new UserId(uuid); // one of your users: the `sub` of their token

    NewNotification shipped =
        NewNotification.to(user)
            .type(NotificationType.INFO) // INFO when not called; WARNING, ALERT
            .title("Order shipped") // 1 to 255 characters, required
            .body("It arrives on Friday.") // up to 16 KiB
            .data(Json.object("order", 4711)) // a JSON object, up to 16 KiB as PostgreSQL stores it
            .idempotencyKey("order-4711-shipped") // optional: a repeat stores and pushes nothing
            .build();

    notifications.send(shipped); // blocks until it is stored
    notifications.sendAsync(shipped); // shares a commit with others: 500, or 5 ms
    // Up to 100,000 receivers, 1,000 a transaction.
    notifications.sendAll(users, shipped.content(), "campaign-7");
    // docs:end
  }

  static void transactions(
      Notifications notifications,
      Connection connection,
      Jdbi jdbi,
      Orders orders,
      long order,
      NewNotification shipped)
      throws SQLException {
    // docs:begin
    // A JDBC connection does not report its commit: call flush() after it.
    PendingPush push = notifications.send(connection, shipped); // auto-commit is off
    connection.commit();
    push.flush(); // pushes at once; without it the relay does, after relayLease (2 s)

    // JDBI reports its commit.
    jdbi.useTransaction(
        handle -> {
          orders.ship(handle, order);
          notifications.send(JdbiTransaction.of(handle), shipped);
        });
    // docs:end
  }

  static void several(
      Notifications notifications,
      Transaction transaction,
      Connection connection,
      List<UserId> users,
      NewNotification shipped,
      NewNotification invoiced) {
    // docs:begin
    notifications.send(transaction, List.of(shipped, invoiced)); // up to 1,000
    // Up to 10,000 receivers.
    notifications.sendAll(transaction, users, shipped.content(), "campaign-7");
    // On a JDBC connection: flush() after the commit.
    PendingPushes pushes = notifications.send(connection, List.of(shipped, invoiced));
    // docs:end
  }

  static void retention(Jdbi jdbi) {
    // docs:begin
    JdbiNotificationRepository.builder(jdbi).retention(Period.ofMonths(12)).build();
    JdbiConnectionLog.builder(jdbi).retention(Period.ofMonths(12)).build();
    // docs:end
  }
}
