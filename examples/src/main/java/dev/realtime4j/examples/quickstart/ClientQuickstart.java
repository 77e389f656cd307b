package dev.realtime4j.examples.quickstart;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.TokenProvider;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A client. Arguments: the endpoint, for example {@code ws://localhost:8080/ws}, and a token. */
public final class ClientQuickstart {
  private ClientQuickstart() {}

  /** Listens until Ctrl-C. */
  public static void main(String[] args) throws InterruptedException {
    TokenProvider tokens = () -> args[1];
    RealtimeClient client =
        connect(
            URI.create(args[0]),
            tokens,
            notification -> System.out.println(notification.content().title()),
            event -> System.out.println(event.name() + " " + event.data().text()));
    Runtime.getRuntime().addShutdownHook(new Thread(client::close, "realtime-quickstart-stop"));
    new CountDownLatch(1).await();
  }

  static RealtimeClient connect(
      URI endpoint, TokenProvider tokens, Consumer<Notification> show, Consumer<Event> play) {
    // docs:begin
    RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(endpoint) // URI.create("wss://example.org/ws")
            .tokenProvider(tokens) // asked for a fresh token whenever one is needed
            .build();
    client.notifications().onNew(notification -> show.accept(notification)); // each exactly once
    client.onEvent("score.changed", event -> play.accept(event));
    client.connect().join(); // comes back by itself from now on, and misses nothing durable
    client.rooms().join(RoomName.of("match:42")).join(); // again after each reconnect, until leave
    // docs:end
    return client;
  }
}
