package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.TransactionalNotificationStore;
import dev.realtime4j.contract.JdbcNotificationStoreContract;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The laws within transactions of the application; more of PostgreSQL's are in {@link
 * TransactionsTest}.
 */
class JdbiTransactionalStoreTest extends JdbcNotificationStoreContract {
  private static final DataSource DATABASE = migrated();
  private static final JdbiNotificationRepository REPOSITORY =
      JdbiNotificationRepository.create(DATABASE);

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    return database;
  }

  @Override
  protected TransactionalNotificationStore transactional() {
    return REPOSITORY;
  }

  @Override
  protected NotificationStore store() {
    return REPOSITORY;
  }

  @Override
  protected NotificationOutbox outbox() {
    return REPOSITORY;
  }

  @Override
  protected NotificationCatchUp catchUp() {
    return REPOSITORY;
  }

  @Override
  protected Connection connection() throws SQLException {
    return DATABASE.getConnection();
  }
}
