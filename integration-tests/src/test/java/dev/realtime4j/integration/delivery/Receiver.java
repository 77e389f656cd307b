package dev.realtime4j.integration.delivery;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A user with the client SDK, and what their application was told. */
final class Receiver implements AutoCloseable {
  private final UserId user;
  private final RealtimeClient client;
  private final List<NotificationId> told = new ArrayList<>();
  private final Set<NotificationId> distinct = new HashSet<>();

  private Receiver(UserId user, RealtimeClient client) {
    this.user = user;
    this.client = client;
  }

  /** A new user, connected to the first of these ports of this machine that takes them. */
  static Receiver connected(int... ports) throws Exception {
    UserId user = new UserId(UUID.randomUUID());
    RealtimeClient.Builder builder = RealtimeClient.builder().token(user.toString());
    for (int port : ports) {
      builder.endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"));
    }
    Receiver receiver = new Receiver(user, builder.build());
    receiver.client.notifications().onNew(notification -> receiver.add(notification.id()));
    receiver.client.connect().get(30, TimeUnit.SECONDS);
    return receiver;
  }

  private void add(NotificationId id) {
    synchronized (told) {
      told.add(id);
      distinct.add(id);
    }
  }

  UserId user() {
    return user;
  }

  RealtimeClient client() {
    return client;
  }

  boolean isConnected() {
    return client.state() == ConnectionState.CONNECTED;
  }

  /** Everything that its listener was told of, in that order. */
  List<NotificationId> told() {
    synchronized (told) {
      return List.copyOf(told);
    }
  }

  int count() {
    synchronized (told) {
      return told.size();
    }
  }

  boolean knows(NotificationId id) {
    synchronized (told) {
      return distinct.contains(id);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
