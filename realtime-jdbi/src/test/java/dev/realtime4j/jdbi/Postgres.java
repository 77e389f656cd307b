package dev.realtime4j.jdbi;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** One real server for all tests of this module, ended with the virtual machine. */
final class Postgres {
  private static final EmbeddedPostgres SERVER = started();
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Postgres() {}

  private static EmbeddedPostgres started() {
    try {
      return asExpected(
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("max_connections", "200")
              .setServerConfig("max_prepared_transactions", "10")
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the version that a matrix is about: two on one class path, and it would be any of them. */
  private static EmbeddedPostgres asExpected(EmbeddedPostgres server) {
    String version =
        Jdbi.create(server.getPostgresDatabase())
            .withHandle(
                handle -> handle.createQuery("SHOW server_version").mapTo(String.class).one());
    String expected = System.getProperty("postgresql.expected", "");
    if (!version.startsWith(expected)) {
      throw new IllegalStateException("PostgreSQL " + version + " is there, not " + expected);
    }
    return server;
  }

  /** Where the programs of the server are. */
  static Path binaries() {
    return Jdbi.create(SERVER.getPostgresDatabase())
        .withHandle(
            handle ->
                Path.of(
                    handle
                        .createQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
                        .mapTo(String.class)
                        .one()));
  }

  /** A new, empty database; connections are not pooled. */
  static DataSource database() {
    String name = "test_" + DATABASES.incrementAndGet();
    Jdbi.create(SERVER.getPostgresDatabase())
        .useHandle(handle -> handle.execute("CREATE DATABASE " + name));
    return SERVER.getDatabase("postgres", name);
  }

  /** Its address for a driver, for the role postgres. */
  static String url(DataSource database) {
    return SERVER.getJdbcUrl("postgres", name(database));
  }

  /** The port of the server. */
  static int port() {
    return SERVER.getPort();
  }

  /** The name of a database. */
  static String name(DataSource database) {
    return Jdbi.create(database)
        .withHandle(
            handle -> handle.createQuery("SELECT current_database()").mapTo(String.class).one());
  }

  /** The same database for another role. */
  static DataSource as(String role, DataSource database) {
    return SERVER.getDatabase(role, name(database));
  }

  /** A pool; the caller closes it. */
  static HikariDataSource pool(DataSource database, AutoCommit autoCommit, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setAutoCommit(autoCommit == AutoCommit.ON);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(10_000);
    return new HikariDataSource(config);
  }

  enum AutoCommit {
    ON,
    OFF
  }
}
