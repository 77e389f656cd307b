package dev.realtime4j.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.contract.NotificationRepositoryContract;
import dev.realtime4j.fixtures.Postgres;
import org.junit.jupiter.api.AfterAll;

/** The laws, on a pool with auto-commit on. */
class JdbiNotificationRepositoryTest extends NotificationRepositoryContract {
  private static final HikariDataSource POOL =
      Postgres.pool(Postgres.database(), Postgres.AutoCommit.ON, 10);
  private static final NotificationRepository REPOSITORY = repository(POOL);

  private static NotificationRepository repository(HikariDataSource pool) {
    RealtimeSchema.DEFAULT.migrate(pool);
    return JdbiNotificationRepository.create(pool);
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  @Override
  protected NotificationRepository repository() {
    return REPOSITORY;
  }
}
