package dev.realtime4j.integration.wire;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.TokenProvider;
import dev.realtime4j.client.internal.ClientEnvironment;
import dev.realtime4j.client.internal.ClientEnvironments;
import dev.realtime4j.client.internal.loop.ThreadLoop;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.server.RealtimeServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A server and its clients, who say everything to each other that there is to say. */
final class Story {
  /** How the ids of its users begin. */
  static final String USERS = "00000000-0000-4000-8000-";

  static final UserId ANNA = user("a");
  static final UserId BEN = user("b");
  static final UserId CARA = user("c");
  private static final RoomName MATCH = RoomName.of("match:42");
  private static final RoomName HALL = RoomName.of("hall");

  private final Messages messages = new Messages();
  private final TappedWire wire = new TappedWire(messages);
  private final RealtimeServer server = server(wire);

  private static UserId user(String last) {
    return UserId.of(USERS + "00000000000" + last);
  }

  /** What every server of these tests is like. */
  static RealtimeServer server(TappedWire wire) {
    return RealtimeServer.builder()
        .transport(wire)
        .authenticator(Story::authenticate)
        .serverId(new ServerId("node-1"))
        .roomPolicy(RoomPolicy.open())
        .handler("orders.list", call -> Json.object("orders", 2))
        .heartbeatInterval(Duration.ofMillis(400))
        .syncInterval(Duration.ofMillis(300))
        .roomEventsUpTo(2)
        .build()
        .start();
  }

  /** A token is the user, and how many seconds they have. */
  private static Principal authenticate(Handshake handshake) {
    String[] token = handshake.token().orElseThrow().split("_");
    Instant end = Instant.now().plusSeconds(Long.parseLong(token[1]));
    return new Principal(UserId.of(token[0]), Set.of(), end);
  }

  static String token(UserId user, int seconds) {
    return user + "_" + seconds;
  }

  /** Tells it, and gives the first message of each kind. */
  Map<String, String> told() throws Exception {
    try (RealtimeClient anna = client(() -> token(ANNA, 3600), CursorStore.inMemory());
        RealtimeClient ben = client(() -> token(BEN, 3600), CursorStore.inMemory())) {
      anna.notifications().onNew(notification -> {}); // who has it acknowledges it
      get(anna.connect());
      get(ben.connect());
      rooms(anna, ben);
      presence(anna, ben);
      notifications(anna);
      get(anna.call("orders.list", Json.object("page", 1)));
      anna.call("orders.cancel", Json.EMPTY).exceptionally(unknown -> Json.NULL);
      await("failure", "heartbeat");
      tokens();
      gap();
      server.close();
      await("events/server.draining");
    }
    return messages.byKind();
  }

  private void rooms(RealtimeClient anna, RealtimeClient ben) throws Exception {
    get(anna.rooms().join(MATCH));
    get(ben.rooms().join(MATCH));
    get(anna.rooms().members(MATCH, PageRequest.first(1)));
    get(ben.rooms().publish(MATCH, "score.changed", Json.object("home", 1, "away", null)));
    get(ben.rooms().leave(MATCH));
    await("events/room.user_joined", "events/score.changed", "events/room.user_left");
  }

  private void presence(RealtimeClient anna, RealtimeClient ben) throws Exception {
    get(anna.presence().get(List.of(BEN, CARA)));
    get(anna.presence().watch(List.of(BEN)));
    get(ben.presence().set(PresenceStatus.BUSY));
    await("events/presence.changed");
    get(anna.presence().unwatch(List.of(BEN)));
  }

  private void notifications(RealtimeClient anna) throws Exception {
    await("events/notification.synced"); // before there are any, so that it counts none
    NewNotification.Builder shipped =
        NewNotification.to(ANNA).title("Shipped: \"4711\"").body("Zürich → Ål");
    Notification first = server.notifications().send(shipped.type(NotificationType.ALERT).build());
    await("events/notification.new", "calls/notification.ack");
    Notification second =
        server.notifications().send(shipped.data(Json.object("order", 4711)).build());
    get(anna.notifications().list(NotificationFilter.UNREAD, PageRequest.first(1)));
    get(anna.notifications().unreadCount());
    get(anna.notifications().read(first.id()));
    get(anna.notifications().readAll(second.id()));
    get(anna.notifications().delete(first.id()));
    await(
        "events/notification.read", "events/notification.read_all", "events/notification.deleted");
  }

  /** A token ends while the application is still looking for the next one. */
  private void tokens() throws Exception {
    CompletableFuture<String> second = new CompletableFuture<>();
    Iterator<CompletableFuture<String>> tokens =
        List.of(CompletableFuture.completedFuture(token(CARA, 1)), second).iterator();
    try (RealtimeClient cara = client(() -> tokens.next().join(), CursorStore.inMemory())) {
      get(cara.connect());
      await("events/token_expired");
      second.complete(token(CARA, 3600));
      await("results/auth.refresh");
    }
  }

  /** A client comes with a cursor that the store does not know, into a hall that grows large. */
  private void gap() throws Exception {
    CursorStore lost = CursorStore.inMemory();
    lost.save("of.another.server");
    try (RealtimeClient one = client(() -> token(CARA, 3600), lost);
        RealtimeClient two = client(() -> token(BEN, 3600), CursorStore.inMemory());
        RealtimeClient three = client(() -> token(ANNA, 3600), CursorStore.inMemory())) {
      for (RealtimeClient client : List.of(one, two, three)) {
        get(client.connect());
        get(client.rooms().join(HALL));
      }
      await("events/notification.resync", "events/room.size");
    }
  }

  private RealtimeClient client(TokenProvider tokens, CursorStore cursors) {
    return client(wire, tokens, cursors);
  }

  /** One without a network of its own. */
  static RealtimeClient client(SocketFactory network, TokenProvider tokens, CursorStore cursors) {
    RealtimeClient.Builder builder =
        RealtimeClient.builder()
            .endpoint(URI.create("ws://story.example/ws"))
            .tokenProvider(tokens)
            .cursorStore(cursors);
    ClientEnvironments.choose(
        builder,
        () ->
            new ClientEnvironment(
                network, new ThreadLoop(Clock.systemUTC()), UnaryOperator.identity(), () -> 0.5));
    return builder.build();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  private void await(String... kinds) {
    for (String kind : kinds) {
      Awaitility.await(kind).atMost(Duration.ofSeconds(10)).until(() -> messages.has(kind));
    }
  }
}
