package dev.realtime4j.integration.docs;

import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.server.RealtimeServer;

/** What docs/implementing-a-store.md shows, beside its contract tests. */
final class StoresPage {
  private StoresPage() {}

  static void server(
      Authenticator mine,
      ClusterBackend myCluster,
      NotificationRepository myNotifications,
      ConnectionLog myConnectionLog,
      Transport myTransport) {
    // docs:begin
    RealtimeServer.builder()
        .authenticator(mine)
        .cluster(myCluster) // never closed by the server
        .notifications(myNotifications) // never closed by the server
        .connectionLog(myConnectionLog) // never closed by the server
        .transport(myTransport) // closed with the server
        .build();
    // docs:end
  }
}
