package dev.realtime4j.integration.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.jdbi.RealtimeSchema;
import java.net.URI;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** One PostgreSQL and one Redis for the tests of this package; both go with the JVM. */
final class Stores {
  private static final Redis REDIS = Redis.start();

  private Stores() {}

  static URI redis() {
    return REDIS.url();
  }

  /** A new database with all tables in it. */
  static Database database() {
    DataSource direct = Postgres.database();
    Database database = new Database(direct, Postgres.url(direct));
    RealtimeSchema.DEFAULT.migrate(database.direct());
    return database;
  }

  /**
   * A database.
   *
   * @param direct without a pool
   * @param url for another process
   */
  record Database(DataSource direct, String url) {
    /** A pool; the caller closes it. */
    HikariDataSource pool(int connections) {
      return pool(url, connections);
    }

    static HikariDataSource pool(String url, int connections) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(connections);
      return new HikariDataSource(config);
    }

    Jdbi jdbi() {
      return Jdbi.create(direct);
    }

    /** A number that the database knows. */
    long count(String sql) {
      return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    /** Whether everything that is committed was handed to the cluster. */
    boolean isOutboxEmpty() {
      return count("SELECT count(*) FROM realtime.notification_outbox") == 0;
    }
  }
}
