package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.HealthReport;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that has taken every connection of the pool for itself. */
@SuppressWarnings("NullAway.Init")
class ExhaustedPoolTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final int CONNECTIONS = 3;

  private final Closing closing = new Closing();
  private final UUID user = UUID.randomUUID();
  private HikariDataSource pool;
  private RealtimeServer server;

  @BeforeEach
  void start() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(Postgres.url(Postgres.database()));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(500);
    pool = closing.later(new HikariDataSource(config));
    RealtimeSchema schema = RealtimeSchema.DEFAULT;
    schema.migrate(pool);
    Jdbi jdbi = Jdbi.create(pool);
    server =
        closing.later(
            RealtimeServer.builder()
                .port(0)
                .authenticator(JwtAuthenticator.hs256(SECRET.getBytes(StandardCharsets.UTF_8)))
                .notifications(JdbiNotificationRepository.create(jdbi, schema))
                .connectionLog(JdbiConnectionLog.create(jdbi, schema))
                .handler("echo", call -> call.params())
                .drainTime(Duration.ZERO)
                .build()
                .start());
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private WireSocket open(UUID who) throws Exception {
    return closing.later(new WireSocket(server.port(), WireSocket.token(SECRET, who, "")));
  }

  private NewNotification hello(String title) {
    return NewNotification.to(new UserId(user)).title(title).build();
  }

  @Test
  void without_a_free_connection_sending_fails_clearly_sockets_go_on_and_it_heals_by_itself()
      throws Exception {
    WireSocket before = open(user);
    List<Connection> taken = new ArrayList<>();
    while (taken.size() < CONNECTIONS) {
      taken.add(pool.getConnection());
    }

    assertThatThrownBy(() -> server.notifications().send(hello("lost")))
        .isInstanceOf(RealtimeException.class)
        .hasMessageContaining("not");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.health().status() == HealthReport.Status.DEGRADED);
    before.send("{\"id\":1,\"method\":\"notification.unread_count\"}");
    assertThat(before.await("\"id\":1,")).contains("RT_UNAVAILABLE");
    before.send("{\"id\":2,\"method\":\"echo\",\"params\":{}}");
    before.await("\"id\":2,");
    WireSocket meanwhile = open(user);
    assertThat(meanwhile.await("\"connected\"")).contains("\"unread\":null");

    for (Connection connection : taken) {
      connection.close();
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.health().status() == HealthReport.Status.UP);
    server.notifications().send(hello("after"));
    for (WireSocket socket : List.of(before, meanwhile)) {
      assertThat(socket.await("notification.new")).contains("\"after\"");
      assertThat(socket.count("lost")).isZero();
    }
  }
}
