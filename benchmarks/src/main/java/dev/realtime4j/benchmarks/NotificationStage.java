package dev.realtime4j.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** A node on a PostgreSQL that writes each commit to the disk, all in this process but that. */
final class NotificationStage implements AutoCloseable {
  private static final int MANY = 100_000;

  private final EmbeddedPostgres postgres;
  private final HikariDataSource pool;
  private final RealtimeServer server;

  private NotificationStage(
      EmbeddedPostgres postgres, HikariDataSource pool, RealtimeServer server) {
    this.postgres = postgres;
    this.pool = pool;
    this.server = server;
  }

  /** One node by itself. */
  static NotificationStage start() throws IOException {
    return start(InMemoryCluster.create());
  }

  /**
   * A node of a cluster.
   *
   * @param cluster what it would share with others
   */
  static NotificationStage start(ClusterBackend cluster) throws IOException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    HikariConfig config = new HikariConfig();
    config.setDataSource(postgres.getPostgresDatabase());
    HikariDataSource pool = new HikariDataSource(config);
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
            .maxSocketsPerAddress(MANY)
            .build()
            .start();
    return new NotificationStage(postgres, pool, server);
  }

  Notifications notifications() {
    return server.notifications();
  }

  /** Where a user connects to. */
  URI endpoint(UserId user) {
    return URI.create("ws://127.0.0.1:" + server.port() + "/ws?token=" + user);
  }

  /** Where sockets come to. */
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  @Override
  public void close() throws IOException {
    try (postgres;
        pool) {
      server.close();
    }
  }
}
