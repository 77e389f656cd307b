package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notifications;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** How docs/notifications.md uses the transactions of Spring and JTA. */
final class TransactionsPage {
  private TransactionsPage() {}

  static void spring(Notifications notifications, DataSource dataSource, NewNotification shipped) {
    // docs:begin
    notifications.send(new SpringTransaction(dataSource), shipped); // in a @Transactional method
    // docs:end
  }

  static void jta(
      Notifications notifications,
      DataSource pool,
      TransactionSynchronizationRegistry registry,
      NewNotification shipped)
      throws SQLException {
    // docs:begin
    try (Connection connection = pool.getConnection()) { // in a @Transactional method
      notifications.send(new JtaTransaction(registry, connection), shipped);
    }
    // docs:end
  }
}
