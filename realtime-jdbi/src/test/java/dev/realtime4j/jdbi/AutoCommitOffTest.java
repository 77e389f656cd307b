package dev.realtime4j.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.contract.NotificationRepositoryContract;
import dev.realtime4j.fixtures.Postgres;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;

/** The laws, on a pool with auto-commit off, in another schema, with a host's own JDBI. */
class AutoCommitOffTest extends NotificationRepositoryContract {
  private static final HikariDataSource OFF =
      Postgres.pool(Postgres.database(), Postgres.AutoCommit.OFF, 10);
  private static final NotificationRepository SECOND = second();

  private static NotificationRepository second() {
    RealtimeSchema schema = RealtimeSchema.named("user");
    schema.migrate(OFF);
    return JdbiNotificationRepository.create(Jdbi.create(OFF), schema);
  }

  @AfterAll
  static void close() {
    OFF.close();
  }

  @Override
  protected NotificationRepository repository() {
    return SECOND;
  }
}
