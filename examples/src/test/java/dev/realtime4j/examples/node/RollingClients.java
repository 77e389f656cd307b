package dev.realtime4j.examples.node;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.RealtimeClientBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients of the SDK, each of a user of its own, and what they have shown to their applications.
 */
final class RollingClients implements AutoCloseable {
  private final List<UUID> users = new ArrayList<>();
  private final List<RealtimeClient> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();

  /**
   * Begins to connect.
   *
   * @param ports of the nodes; each client begins with another one
   */
  RollingClients(int count, List<Integer> ports, String secret) {
    for (int i = 0; i < count; i++) {
      UUID user = UUID.randomUUID();
      users.add(user);
      List<Integer> order = new ArrayList<>(ports);
      Collections.rotate(order, i);
      RealtimeClientBuilder builder = RealtimeClient.builder();
      for (int port : order) {
        builder.endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"));
      }
      RealtimeClient client = builder.token(() -> token(secret, user)).build();
      client.notifications().onNew(notification -> shown.add(entry(user, notification.id())));
      client.connect();
      clients.add(client);
    }
  }

  private static CompletableFuture<String> token(String secret, UUID user) {
    try {
      return CompletableFuture.completedFuture(WireSocket.token(secret, user, ""));
    } catch (com.nimbusds.jose.JOSEException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String entry(UUID user, NotificationId id) {
    return entry(user, id.toString());
  }

  static String entry(UUID user, String id) {
    return user + " " + id;
  }

  List<UUID> users() {
    return users;
  }

  /** User and notification, as often as an application has seen it. */
  List<String> shown() {
    return List.copyOf(shown);
  }

  long in(ConnectionState state) {
    return clients.stream().filter(client -> client.state() == state).count();
  }

  @Override
  public void close() {
    clients.forEach(RealtimeClient::close);
  }
}
