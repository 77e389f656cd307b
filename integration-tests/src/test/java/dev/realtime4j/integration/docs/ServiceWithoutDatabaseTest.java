package dev.realtime4j.integration.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryTransaction;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The test of a service that docs/notifications.md shows. */
class ServiceWithoutDatabaseTest {
  private final UserId anna = new UserId(UUID.randomUUID());
  private final Authenticator annaOnly = handshake -> Principal.of(anna);

  @Test
  void a_shop_tells_its_customer_of_what_it_has_shipped() {
    // docs:begin
    try (RealtimeServer server =
            RealtimeServer.builder().port(0).authenticator(annaOnly).build().start();
        InMemoryTransaction transaction = InMemoryTransaction.begin()) {
      Notifications notifications = server.notifications();
      Shop shop = new Shop(notifications); // the code under test

      shop.ship(transaction, anna, 4711); // calls notifications.send(transaction, …)
      assertThat(notifications.unreadCount(anna).count()).isZero();

      transaction.commit(); // or rollback()
      assertThat(notifications.unreadCount(anna).count()).isEqualTo(1);
    }
    // docs:end
  }

  /** What an application does in its transactions. */
  private record Shop(Notifications notifications) {
    void ship(Transaction transaction, UserId customer, int order) {
      notifications.send(
          transaction, NewNotification.to(customer).title("Shipped: order " + order).build());
    }
  }
}
