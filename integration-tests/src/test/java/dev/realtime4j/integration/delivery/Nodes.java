package dev.realtime4j.integration.delivery;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.server.RealtimeServer;
import java.time.Duration;
import javax.sql.DataSource;

/** Servers whose tokens are the users' ids. */
final class Nodes {
  private Nodes() {}

  /** With everything at its default, but for the time that closing takes. */
  static RealtimeServer.Builder node(String id, ClusterBackend cluster, DataSource pool) {
    return RealtimeServer.builder()
        .serverId(new ServerId(id))
        .port(0)
        .authenticator(Nodes::user)
        .cluster(cluster)
        .notifications(JdbiNotificationRepository.create(pool))
        .connectionLog(JdbiConnectionLog.create(pool))
        .drainTime(Duration.ZERO);
  }

  private static Principal user(Handshake handshake) {
    return Principal.of(UserId.of(handshake.token().orElseThrow()));
  }
}
