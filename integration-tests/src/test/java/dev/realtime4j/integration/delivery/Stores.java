package dev.realtime4j.integration.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.FreePort;
import dev.realtime4j.jdbi.RealtimeSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import redis.embedded.RedisServer;

/** One PostgreSQL and one Redis for the tests of this package; both go with the JVM. */
final class Stores {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final EmbeddedPostgres POSTGRES;
  private static final URI REDIS;

  static {
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(new Thread(closing::close));
    try {
      POSTGRES = closing.later(EmbeddedPostgres.builder().setRegisterShutdownHook(false).start());
      int port = FreePort.some();
      RedisServer redis =
          RedisServer.newRedisServer()
              .port(port)
              .setting("bind 127.0.0.1")
              .setting("save \"\"")
              .build();
      redis.start();
      closing.later(redis::stop);
      REDIS = URI.create("redis://127.0.0.1:" + port);
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL or Redis did not start", e);
    }
  }

  private Stores() {}

  static URI redis() {
    return REDIS;
  }

  /** Where the programs of PostgreSQL are. */
  static Path binaries() {
    return Jdbi.create(POSTGRES.getPostgresDatabase())
        .withHandle(
            handle ->
                Path.of(
                    handle
                        .createQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
                        .mapTo(String.class)
                        .one()));
  }

  /** A new database with all tables in it. */
  static Database database() {
    String name = "delivery_" + DATABASES.incrementAndGet();
    Jdbi.create(POSTGRES.getPostgresDatabase())
        .useHandle(handle -> handle.execute("CREATE DATABASE " + name));
    Database database =
        new Database(POSTGRES.getDatabase("postgres", name), POSTGRES.getJdbcUrl("postgres", name));
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
