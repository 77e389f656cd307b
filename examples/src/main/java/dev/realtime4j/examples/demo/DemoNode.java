package dev.realtime4j.examples.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.redis.RedisBackend;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One of the two nodes. It can be stopped and started again, on the same port.
 *
 * <p>Thread safety: any thread.
 */
final class DemoNode implements AutoCloseable {
  /** How long a user stays online after their last clean close: longer than a reload takes. */
  static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration DRAIN = Duration.ofSeconds(2);

  private final ServerId id;
  private final int port;
  private final String secret;
  private final EmbeddedStores stores;
  private Closing closing = new Closing();
  private volatile @Nullable RealtimeServer server;

  DemoNode(String id, int port, String secret, EmbeddedStores stores) {
    this.id = new ServerId(id);
    this.port = port;
    this.secret = secret;
    this.stores = stores;
  }

  /** Starts it; nothing happens when it serves already. */
  synchronized void start() {
    if (server != null) {
      return;
    }
    closing = new Closing();
    DataSource dataSource = closing.later(pool());
    RedisBackend redis = closing.later(RedisBackend.connect(stores.redis()));
    // [reload]
    server =
        RealtimeServer.builder()
            .serverId(id)
            .port(port)
            .authenticator(JwtAuthenticator.hs256(secret))
            .cluster(redis)
            .notifications(JdbiNotificationRepository.create(dataSource))
            .connectionLog(JdbiConnectionLog.create(dataSource))
            .roomPolicy(RoomPolicy.open()) // members may publish
            .presenceGrace(GRACE) // a reload is back before anybody sees it
            .handler("inbox.read_newest", this::readNewest)
            .build()
            .start();
    // [/reload]
  }

  /** Sends the clients to the other node, and stops; nothing happens when it is stopped already. */
  synchronized void stop() {
    RealtimeServer server = this.server;
    this.server = null;
    if (server != null) {
      // [node]
      // Nobody new comes in; those who are here are told to go, spread
      // over the drain time, and resume where they were on another node.
      server.drain(DRAIN);
      // [/node]
    }
    closing.close();
  }

  private Json readNewest(MethodCall call) {
    return Story.readNewest(server(), call);
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("realtime-demo-" + id);
    config.setDataSource(stores.database());
    config.setMaximumPoolSize(8);
    return new HikariDataSource(config);
  }

  /** Which one. */
  ServerId id() {
    return id;
  }

  /** Where it accepts WebSockets. */
  int port() {
    return port;
  }

  /** Whether it is started. */
  boolean isServing() {
    return server != null;
  }

  /**
   * The server.
   *
   * @throws IllegalStateException when the node is stopped
   */
  RealtimeServer server() {
    RealtimeServer serving = server;
    if (serving == null) {
      throw new IllegalStateException(id + " is stopped");
    }
    return serving;
  }

  @Override
  public void close() {
    stop();
  }
}
