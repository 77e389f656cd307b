package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Writing where PostgreSQL only reads: what is said, and that reading goes on. */
class ReadOnlyTest {
  private static final Set<String> READS =
      Set.of(
          "partitionsAhead",
          "pending",
          "outboxBacklog",
          "sync",
          "list",
          "unreadCount",
          "idempotencyKeys",
          "export",
          "log.connections",
          "log.lastSeen");

  private static void assertRefused(String why, Jdbi jdbi) {
    Map<String, Runnable> calls = Calls.of(jdbi);
    assertThat(calls.keySet()).containsAll(READS);
    // A call that finds nothing to write may pass.
    for (String writes : List.of("insert", "insertForAll", "claimOutbox", "log.write")) {
      assertThatThrownBy(() -> Objects.requireNonNull(calls.get(writes)).run())
          .as(writes)
          .hasMessageContaining("PostgreSQL refuses to write (25006): " + why)
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
    READS.forEach(read -> Objects.requireNonNull(calls.get(read)).run());
  }

  @Test
  void a_database_that_is_set_to_read_only_is_named() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi jdbi = Jdbi.create(database);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "ALTER DATABASE "
                    + Postgres.name(database)
                    + " SET default_transaction_read_only = on"));
    assertRefused("default_transaction_read_only is on", jdbi);
  }

  @Test
  void a_pool_that_is_set_to_read_only_is_named() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setReadOnly(true);
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      assertRefused("the pool's connections are read-only", Jdbi.create(pool));
    }
  }

  @Test
  void a_pool_that_sheds_what_only_reads_writes_again_at_once() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi admin = Jdbi.create(database);
    String alter = "ALTER DATABASE " + Postgres.name(database);
    admin.useHandle(handle -> handle.execute(alter + " SET default_transaction_read_only = on"));
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setMaximumPoolSize(1);
    config.setMinimumIdle(0); // or it fills up again before the database may write
    config.setExceptionOverrideClassName(ShedReadOnly.class.getName());
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbiNotificationRepository repository = JdbiNotificationRepository.create(pool);
      UserId user = TestIds.user();
      assertThatThrownBy(() -> repository.insert(TestIds.next(), TestIds.titled(user, "no")))
          .hasMessageContaining("25006");
      admin.useHandle(
          handle -> {
            handle.execute("SET default_transaction_read_only = off");
            handle.execute(alter + " RESET default_transaction_read_only");
          });
      repository.insert(TestIds.next(), TestIds.titled(user, "yes"));
    }
  }

  @Test
  void a_standby_is_named_and_serves_again_once_it_is_the_primary() {
    try (PostgresServer primary = PostgresServer.started(Map.of("wal_level", "replica"))) {
      RealtimeSchema.DEFAULT.migrate(primary.database());
      UserId user = TestIds.user();
      JdbiNotificationRepository.create(primary.database())
          .insert(TestIds.next(), TestIds.titled(user, "before"));
      try (PostgresServer standby = primary.standby();
          HikariDataSource pool = Postgres.pool(standby.database(), Postgres.AutoCommit.ON, 2)) {
        String written = primary.written();
        await().atMost(Duration.ofMinutes(1)).until(() -> standby.hasReplayed(written));
        assertRefused("it is a standby; let the pool connect to the primary", Jdbi.create(pool));

        standby.promote();
        JdbiNotificationRepository repository = JdbiNotificationRepository.create(pool);
        repository.insert(TestIds.next(), TestIds.titled(user, "after"));
        assertThat(repository.list(user, NotificationFilter.ALL, PageRequest.first(9)).items())
            .hasSize(2);
      }
    }
  }
}
