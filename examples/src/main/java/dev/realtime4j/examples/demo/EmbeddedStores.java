package dev.realtime4j.examples.demo;

import dev.realtime4j.examples.Closing;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import redis.embedded.RedisServer;

/** A PostgreSQL and a Redis that live as long as the demo. */
final class EmbeddedStores {
  private final EmbeddedPostgres postgres;
  private final URI redis;

  private EmbeddedStores(EmbeddedPostgres postgres, URI redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * Starts both.
   *
   * @param closing what stops them
   */
  static EmbeddedStores start(Closing closing) {
    try {
      int redisPort = freePort();
      RedisServer redis =
          RedisServer.newRedisServer()
              .port(redisPort)
              .setting("bind 127.0.0.1")
              .setting("save \"\"")
              .build();
      redis.start();
      closing.later(redis::stop);
      EmbeddedPostgres postgres =
          closing.later(EmbeddedPostgres.builder().setRegisterShutdownHook(false).start());
      return new EmbeddedStores(postgres, URI.create("redis://127.0.0.1:" + redisPort));
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's PostgreSQL or Redis did not start", e);
    }
  }

  /** The database. */
  DataSource database() {
    return postgres.getPostgresDatabase();
  }

  /** Where Redis is. */
  URI redis() {
    return redis;
  }

  /** How many notifications there are, asked of the database itself. */
  long storedNotifications() {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM realtime.notification")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("the stored notifications could not be counted", e);
    }
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
