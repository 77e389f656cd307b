package dev.realtime4j.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.contract.NotificationRepositoryContract;
import dev.realtime4j.fixtures.Postgres;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;

/** The laws, on a database whose transactions are serializable unless they say otherwise. */
class SerializableTest extends NotificationRepositoryContract {
  private static final DataSource DATABASE = Postgres.database();
  private static final HikariDataSource POOL = pool();
  private static final NotificationRepository REPOSITORY = JdbiNotificationRepository.create(POOL);

  private static HikariDataSource pool() {
    Isolation.SERIALIZABLE.makeDefaultOf(DATABASE);
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    return Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 10);
  }

  /** The stricter ones. */
  enum Isolation {
    REPEATABLE_READ("repeatable read"),
    SERIALIZABLE("serializable");

    private final String name;

    Isolation(String name) {
      this.name = name;
    }

    void makeDefaultOf(DataSource database) {
      Jdbi.create(database)
          .useHandle(
              handle ->
                  handle.execute(
                      "ALTER DATABASE "
                          + Postgres.name(database)
                          + " SET default_transaction_isolation = '"
                          + name
                          + "'"));
    }
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
