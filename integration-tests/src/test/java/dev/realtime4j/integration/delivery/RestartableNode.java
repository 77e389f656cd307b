package dev.realtime4j.integration.delivery;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.FreePort;
import dev.realtime4j.fixtures.WireSocket;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.redis.RedisBackend;
import java.net.URI;
import java.time.Duration;

/** A node on real stores that is drained and stopped, and comes back on the same port. */
final class RestartableNode implements AutoCloseable {
  private static final String SECRET = "a secret of more than thirty-two bytes";

  private final String id;
  private final Stores.Database database;
  private final int port = FreePort.some();
  private Closing closing = new Closing();
  private volatile RealtimeServer server;

  RestartableNode(String id, Stores.Database database) {
    this.id = id;
    this.database = database;
    start();
  }

  /** Nothing happens when it serves already. */
  void start() {
    if (server != null) {
      return;
    }
    closing = new Closing();
    HikariDataSource pool = closing.later(database.pool(8));
    RedisBackend redis = closing.later(RedisBackend.connect(Stores.redis()));
    server =
        Nodes.node(id, redis, pool)
            .port(port)
            .authenticator(JwtAuthenticator.hs256(SECRET))
            .roomPolicy(RoomPolicy.open())
            .presenceGrace(Duration.ofSeconds(3))
            .build()
            .start();
  }

  /** Sends its clients elsewhere; nothing happens when it is stopped already. */
  void stop() {
    RealtimeServer serving = server;
    server = null;
    if (serving != null) {
      serving.drain(Duration.ofSeconds(2));
    }
    closing.close();
  }

  RealtimeServer server() {
    return server;
  }

  URI endpoint() {
    return URI.create("ws://127.0.0.1:" + port + "/ws");
  }

  /** What lets a user in. */
  static String token(UserId user) throws Exception {
    return WireSocket.token(SECRET, user.value(), "");
  }

  @Override
  public void close() {
    stop();
  }
}
