package dev.realtime4j.integration.sdk;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.net.URI;
import java.util.List;

/** Two nodes in this process that share their stores; a token is the user's id. */
final class TwoNodes implements AutoCloseable {
  private final InMemoryCluster cluster = InMemoryCluster.create();
  private final InMemoryNotificationRepository store = InMemoryNotificationRepository.create();
  private final List<RealtimeServer> nodes = List.of(node(), node());

  RealtimeServer node(int number) {
    return nodes.get(number % nodes.size());
  }

  RealtimeClient client(UserId user, int number) {
    return RealtimeClient.builder()
        .endpoint(URI.create("ws://127.0.0.1:" + node(number).port() + "/ws"))
        .token(user.toString())
        .build();
  }

  private RealtimeServer node() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElseThrow())))
        .cluster(cluster)
        .notifications(store)
        .build()
        .start();
  }

  @Override
  public void close() {
    nodes.forEach(RealtimeServer::close);
  }
}
