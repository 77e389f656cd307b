package dev.realtime4j.integration.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.PostgresServer;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.HealthReport.Status;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A PostgreSQL that is stopped, frozen or locked, behind a pool that waits half a minute for it.
 */
@SuppressWarnings("NullAway.Init")
class HangingPostgresTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";
  private static final int CALLERS = 40;

  private final Closing closing = new Closing();
  private final UUID user = UUID.randomUUID();
  private @Nullable Connection lock;
  private PostgresServer postgres;
  private RealtimeServer server;

  enum Fault {
    STOPPED,
    FROZEN,
    LOCKED
  }

  @BeforeEach
  void start() {
    postgres = closing.later(PostgresServer.started(Map.of()));
    RealtimeSchema schema = RealtimeSchema.DEFAULT;
    schema.migrate(postgres.database());
    HikariConfig config = new HikariConfig();
    config.setDataSource(postgres.database());
    HikariDataSource pool = closing.later(new HikariDataSource(config));
    Jdbi jdbi = Jdbi.create(pool);
    server =
        closing.later(
            RealtimeServer.builder()
                .port(0)
                .authenticator(JwtAuthenticator.hs256(SECRET.getBytes(StandardCharsets.UTF_8)))
                .notifications(JdbiNotificationRepository.create(jdbi, schema))
                .connectionLog(JdbiConnectionLog.create(jdbi, schema))
                .drainTime(Duration.ZERO)
                .build()
                .start());
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private void begin(Fault fault) throws SQLException {
    switch (fault) {
      case STOPPED -> postgres.stop(PostgresServer.Stop.IMMEDIATE);
      case FROZEN -> postgres.freeze();
      case LOCKED -> {
        lock = postgres.database().getConnection();
        lock.setAutoCommit(false);
        try (Statement statement = lock.createStatement()) {
          statement.execute("LOCK TABLE realtime.notification, realtime.connection_log");
        }
      }
    }
  }

  private void end(Fault fault) throws SQLException {
    switch (fault) {
      case STOPPED -> postgres.start();
      case FROZEN -> postgres.thaw();
      case LOCKED -> {
        if (lock != null) {
          lock.close();
        }
      }
    }
  }

  private WireSocket open(UUID who) throws Exception {
    WireSocket socket =
        closing.later(new WireSocket(server.port(), WireSocket.token(SECRET, who, "")));
    socket.await("\"connected\"");
    return socket;
  }

  @ParameterizedTest
  @EnumSource
  void rooms_presence_and_new_sockets_do_not_feel_it(Fault fault) throws Exception {
    List<WireSocket> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(open(UUID.randomUUID()));
    }
    WireSocket other = open(user);

    begin(fault);
    try {
      for (WireSocket caller : callers) {
        caller.send("{\"id\":1,\"method\":\"notification.list\"}");
      }
      other.send("{\"id\":1,\"method\":\"presence.set\",\"params\":{\"status\":\"BUSY\"}}");
      assertThat(other.await("\"id\":1,")).contains("BUSY");
      other.send("{\"id\":2,\"method\":\"room.join\",\"params\":{\"room\":\"lobby\"}}");
      assertThat(other.await("\"id\":2,")).contains("result");
      WireSocket newcomer = open(UUID.randomUUID());
      assertThat(newcomer.await("\"connected\"")).contains("\"unread\":null");
      for (WireSocket caller : callers) {
        assertThat(caller.await("\"id\":1,")).contains("RT_UNAVAILABLE");
      }
      assertThat(catchThrowable(() -> server.notifications().unreadCount(new UserId(user))))
          .isInstanceOf(RealtimeException.class)
          .hasMessageStartingWith("the notification store is unavailable");
      assertThat(server.health().status()).isEqualTo(Status.DEGRADED);
    } finally {
      end(fault);
    }

    await().atMost(Duration.ofSeconds(60)).until(() -> server.health().status() == Status.UP);
    server.notifications().send(NewNotification.to(new UserId(user)).title("after").build());
    assertThat(other.await("notification.new")).contains("\"after\"");
    other.send("{\"id\":3,\"method\":\"notification.unread_count\"}");
    assertThat(other.await("\"id\":3,")).contains("\"count\":1");
  }
}
