package dev.realtime4j.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.redis.RedisBackend;
import java.io.IOException;
import java.net.URI;

/** A node on Redis and PostgreSQL with all limits as they are by default. */
final class AttackedMain {
  private AttackedMain() {}

  /**
   * Serves.
   *
   * @param args the URLs of Redis and of PostgreSQL
   */
  public static void main(String[] args) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(args[1]);
    try (HikariDataSource pool = new HikariDataSource(config);
        RedisBackend cluster = RedisBackend.connect(URI.create(args[0]))) {
      RealtimeSchema.DEFAULT.migrate(pool);
      RealtimeServer server =
          RealtimeServer.builder()
              .port(0)
              .authenticator(
                  handshake ->
                      handshake
                          .token()
                          .map(token -> Principal.of(UserId.of(token)))
                          .orElseThrow(
                              () -> new RealtimeException(ErrorCode.UNAUTHORIZED, "no token")))
              .cluster(cluster)
              .notifications(JdbiNotificationRepository.create(pool))
              .connectionLog(JdbiConnectionLog.create(pool))
              .roomPolicy(RoomPolicy.open())
              .handler("echo", MethodCall::params)
              .build();
      try (server) {
        ServerProcess.serveUntilOrphaned(server.start().port());
      }
    }
  }
}
