package dev.realtime4j.integration.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.PostgresServer;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL's primary dies and a standby that was behind takes over. Nothing that is committed on
 * it is lost to a client, whether that was connected meanwhile or away.
 */
@SuppressWarnings("NullAway.Init")
class FailoverTest {
  private static final int LOST = 60;

  private final Closing closing = new Closing();
  private final List<NotificationId> sent = new ArrayList<>();
  private PostgresServer primary;
  private PostgresServer standby;
  private HikariDataSource pool;
  private RealtimeServer server;
  private Receiver receiver;

  @BeforeEach
  void begin() throws Exception {
    primary = closing.later(PostgresServer.started(Map.of()));
    RealtimeSchema.DEFAULT.migrate(primary.database());
    standby = closing.later(primary.standby());
    pool = closing.later(pool());
    server =
        closing.later(
            Nodes.node("failover", InMemoryCluster.create(), pool)
                .syncInterval(Duration.ofSeconds(1))
                .build()
                .start());
    receiver = closing.later(Receiver.connected(server.port()));
  }

  /** As the documentation advises it: of both servers the one that can be written to. */
  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:postgresql://127.0.0.1:"
            + primary.port()
            + ",127.0.0.1:"
            + standby.port()
            + "/postgres?user=postgres&targetServerType=primary");
    config.setMaximumPoolSize(4);
    config.setConnectionTimeout(1000);
    return new HikariDataSource(config);
  }

  @AfterEach
  void close() {
    closing.close();
  }

  private void sendAndAwait() {
    NewNotification one = NewNotification.to(receiver.user()).title("x").build();
    NotificationId id = server.notifications().send(one).id();
    sent.add(id);
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.knows(id));
  }

  private static void spend(Jdbi jdbi) {
    jdbi.useHandle(
        handle -> {
          for (int i = 0; i < LOST; i++) {
            handle.execute("SELECT pg_current_xact_id()");
          }
        });
  }

  /** The standby has all that was sent, and not what came after it. */
  private void leaveTheStandbyBehind() {
    String written = primary.written();
    await().atMost(Duration.ofSeconds(60)).until(() -> standby.hasReplayed(written));
    standby.cutOff();
    spend(primary.jdbi());
  }

  private void failOver() {
    primary.stop(PostgresServer.Stop.IMMEDIATE);
    standby.promote();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> Jdbi.create(pool).withHandle(handle -> handle.execute("SELECT 1") >= -1));
  }

  /** Ids that were used up once on the primary are used again. */
  private void sendUnheard(int count) {
    standby
        .jdbi()
        .useHandle(
            handle -> {
              for (int i = 0; i < count; i++) {
                UUID id =
                    handle
                        .createQuery(
                            "INSERT INTO realtime.notification(user_id, title) VALUES (?, 'x')"
                                + " RETURNING id")
                        .bind(0, receiver.user().value())
                        .mapTo(UUID.class)
                        .one();
                sent.add(new NotificationId(id));
              }
            });
    spend(standby.jdbi());
    spend(standby.jdbi());
  }

  private void assertEachWasToldOnce() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(receiver.told()).containsAll(sent));
    assertThat(receiver.told()).doesNotHaveDuplicates();
  }

  @Test
  void who_was_away_is_told_of_everything_once() {
    sendAndAwait();
    sendAndAwait();
    leaveTheStandbyBehind();
    takeACursorOfWhatWillBeLost();
    receiver.client().pause();
    await().until(() -> server.stats().sockets() == 0);
    failOver();
    sendUnheard(5);

    receiver.client().resume();

    assertEachWasToldOnce();
    sendAndAwait();
    assertEachWasToldOnce();
  }

  /** By the cursor that the node keeps for its socket. */
  @Test
  void who_stayed_connected_is_told_of_everything_once() {
    sendAndAwait();
    leaveTheStandbyBehind();
    takeACursorOfWhatWillBeLost();
    failOver();
    sendUnheard(5);
    assertEachWasToldOnce();
    sendAndAwait();
    assertEachWasToldOnce();
  }

  private void takeACursorOfWhatWillBeLost() {
    receiver.client().pause();
    await().until(() -> server.stats().sockets() == 0);
    receiver.client().resume();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> receiver.client().state() == ConnectionState.CONNECTED);
    NewNotification lost = NewNotification.to(receiver.user()).title("lost").build();
    NotificationId id = server.notifications().send(lost).id();
    // With the first that arrives the client's cursor is the one that it got at its connect.
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.knows(id));
  }
}
