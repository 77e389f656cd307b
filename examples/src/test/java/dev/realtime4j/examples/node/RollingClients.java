package dev.realtime4j.examples.node;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.RealtimeClientBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Clients of the SDK, each of a user of its own, and what they have shown to their applications.
 */
final class RollingClients implements AutoCloseable {
  private final List<UUID> users = new ArrayList<>();
  private final List<RealtimeClient> clients = new ArrayList<>();
  private final Map<UUID, ConnectionChange> newest = new ConcurrentHashMap<>();

  /** How many wait for how many seconds, of those that lost their connection. */
  private final Map<Long, LongAdder> returns = new ConcurrentHashMap<>();

  /** For all of them: as many threads as clients would be slow by themselves. */
  private final ExecutorService callbacks = Executors.newFixedThreadPool(4);

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
      if (i % 2 == 1) {
        Collections.reverse(order); // so that those of one node do not all go on to the same
      }
      RealtimeClientBuilder builder = RealtimeClient.builder();
      for (int port : order) {
        builder.endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"));
      }
      RealtimeClient client =
          builder.token(() -> token(secret, user)).callbackExecutor(callbacks).build();
      client.notifications().onNew(notification -> shown.add(entry(user, notification.id())));
      client.onState(change -> changed(user, change));
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

  private void changed(UUID user, ConnectionChange change) {
    ConnectionChange before = newest.put(user, change);
    boolean sentAway = before != null && before.state() == ConnectionState.CONNECTED;
    if (sentAway && change.state() == ConnectionState.RECONNECTING) {
      returns.computeIfAbsent(change.delay().toSeconds(), second -> new LongAdder()).increment();
    }
  }

  /** Counts anew who is told to come back when. */
  void forgetReturns() {
    returns.clear();
  }

  /** How many of those that lost their connection wait to the same second, at most. */
  long mostToldWithinASecond() {
    return returns.values().stream().mapToLong(LongAdder::sum).max().orElse(0);
  }

  /** How many clients stand where: their state, and why when they are not connected. */
  Map<String, Long> standing() {
    return newest.values().stream()
        .collect(Collectors.groupingBy(RollingClients::standing, Collectors.counting()));
  }

  private static String standing(ConnectionChange change) {
    return change.cause() == null
        ? change.state().toString()
        : change.state() + ", attempt " + change.attempt() + ": " + change.cause().getMessage();
  }

  @Override
  public void close() {
    clients.forEach(RealtimeClient::close);
    callbacks.shutdown();
  }
}
