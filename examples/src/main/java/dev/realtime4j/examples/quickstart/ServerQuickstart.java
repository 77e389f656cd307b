package dev.realtime4j.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.redis.RedisBackend;
import java.net.URI;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node on PostgreSQL and Redis. Arguments: the JDBC URL, the Redis URL, the HS256 secret of the
 * tokens.
 */
public final class ServerQuickstart {
  private static final Logger log = LoggerFactory.getLogger(ServerQuickstart.class);

  private ServerQuickstart() {}

  /** Returns when it serves; the process runs until Ctrl-C. */
  public static void main(String[] args) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(args[0]);
    HikariDataSource dataSource = new HikariDataSource(pool);
    RedisBackend redis = RedisBackend.connect(URI.create(args[1]));
    RealtimeServer server = start(8080, dataSource, redis, args[2]);
    Runnable stop =
        () -> {
          server.close(); // before what it stands on
          redis.close();
          dataSource.close();
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "realtime-quickstart-stop"));
  }

  static RealtimeServer start(int port, DataSource dataSource, RedisBackend redis, String secret) {
    // docs:begin
    RealtimeSchema.DEFAULT.migrate(dataSource); // the tables, in a schema of their own
    RealtimeServer server =
        RealtimeServer.builder()
            .port(port) // clients come to ws://host:port/ws
            .authenticator(JwtAuthenticator.hs256(secret)) // who is it
            .cluster(redis) // RedisBackend.connect(URI.create("redis://localhost:6379"))
            .notifications(JdbiNotificationRepository.create(dataSource))
            .connectionLog(JdbiConnectionLog.create(dataSource))
            .build()
            .start();
    // docs:end
    return server;
  }

  static Notification tell(RealtimeServer server, UserId user) {
    // docs:begin
    NewNotification shipped =
        NewNotification.to(user).title("Order shipped").body("It arrives on Friday.").build();
    Notification stored = server.notifications().send(shipped); // stored, then pushed

    server.rooms().publish(RoomName.of("match:42"), "score.changed", Json.object("home", 1));
    boolean there = server.presence().get(user).status() != PresenceStatus.OFFLINE;
    // docs:end
    log.info("Sent to a user who is {}", there ? "there" : "away");
    return stored;
  }
}
