package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.notification.IdempotencyKey;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything about one user, handed over and removed in one call each. */
class UserDataTest {
  private final UserId anna = TestUsers.some();
  private final UserId ben = TestUsers.some();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .connectsPerSecondPerUser(1000)
            .build()
            .start();
    for (UserId user : List.of(anna, ben)) {
      server
          .notifications()
          .send(NewNotification.to(user).title("paid").idempotencyKey("order-1").build());
      server.notifications().send(NewNotification.to(user).title("shipped").build());
      WireClient.open(server, user).close();
    }
    await().until(() -> connections(anna) == 1 && connections(ben) == 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private long connections(UserId user) {
    return server.connectionLog().connections(user, PageRequest.first(10)).items().stream()
        .filter(entry -> entry.disconnectedAt() != null)
        .count();
  }

  private static final class Recorded implements UserDataVisitor {
    final List<String> titles = new ArrayList<>();
    final List<String> keys = new ArrayList<>();
    final List<UserId> connections = new ArrayList<>();
    final List<Instant> lastSeen = new ArrayList<>();

    @Override
    public void notification(Notification notification) {
      titles.add(notification.content().title());
    }

    @Override
    public void idempotencyKey(IdempotencyKey key) {
      keys.add(key.text());
    }

    @Override
    public void connection(ConnectionLogEntry connection) {
      connections.add(connection.userId());
    }

    @Override
    public void lastSeen(Instant at) {
      lastSeen.add(at);
    }
  }

  private Recorded exported(UserId user) {
    Recorded recorded = new Recorded();
    server.exportUser(user, recorded);
    return recorded;
  }

  @Test
  void an_export_hands_over_notifications_keys_and_connections_of_the_user_alone() {
    Recorded export = exported(anna);
    assertThat(export.titles).containsExactly("paid", "shipped");
    assertThat(export.keys).containsExactly("order-1");
    assertThat(export.connections).containsExactly(anna);
    assertThat(export.lastSeen)
        .containsExactly(
            server.connectionLog().lastSeen(List.of(anna)).values().toArray(Instant[]::new));
  }

  @Test
  void an_export_pages_through_a_long_log_of_connections() {
    for (int i = 0; i < 250; i++) {
      WireClient.open(server, anna).close();
    }
    await().until(() -> exported(anna).connections.size() == 251);
  }

  @Test
  void erasing_leaves_nothing_of_the_user_and_everything_of_the_others() {
    // Two notifications, their key and one connection; the outbox may be cleared already.
    assertThat(server.eraseUser(anna)).isBetween(4, 6);
    Recorded export = exported(anna);
    assertThat(export.titles).isEmpty();
    assertThat(export.keys).isEmpty();
    assertThat(export.connections).isEmpty();
    assertThat(export.lastSeen).isEmpty();
    assertThat(server.eraseUser(anna)).isZero();
    assertThat(exported(ben).titles).hasSize(2);
    assertThat(exported(ben).connections).hasSize(1);
  }
}
