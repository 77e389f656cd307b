package dev.realtime4j.integration.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.client.internal.websocket.SocketFactory.End;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.server.RealtimeServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each message that is kept is read by whom it is for. */
class KeptMessagesAreReadTest {
  private static final NotificationId ID =
      NotificationId.of("0195f7c8-1a2b-7000-8000-000000000001");
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
  private static final RoomName MATCH = RoomName.of("match:42");
  private static final UnreadCount ONE = new UnreadCount(1, false);

  @Test
  void the_client_reads_every_result() throws Exception {
    try (KeptAnswers server = new KeptAnswers();
        RealtimeClient client = Story.client(server, () -> "token", CursorStore.inMemory())) {
      get(client.connect());

      assertThat(client.userId()).contains(Story.ANNA);
      assertThat(get(client.rooms().join(MATCH))).isEqualTo(1);
      assertThat(get(client.rooms().members(MATCH, PageRequest.first(1))).items())
          .extracting(member -> member.userId())
          .containsExactly(Story.ANNA);
      get(client.rooms().publish(MATCH, "score.changed", Json.EMPTY));
      get(client.rooms().leave(MATCH));
      assertThat(get(client.presence().get(List.of(Story.BEN, Story.CARA))))
          .containsEntry(Story.BEN, new Presence(Story.BEN, PresenceStatus.ONLINE, TIME))
          .containsEntry(Story.CARA, Presence.offline(Story.CARA, null));
      assertThat(get(client.presence().watch(List.of(Story.BEN)))).containsKey(Story.BEN);
      get(client.presence().unwatch(List.of(Story.BEN)));
      assertThat(get(client.presence().set(PresenceStatus.BUSY)).status())
          .isEqualTo(PresenceStatus.BUSY);
      Page<?> page = get(client.notifications().list(NotificationFilter.ALL, PageRequest.first(1)));
      assertThat(page.items()).hasSize(1);
      assertThat(page.nextCursor()).isEqualTo("12.7");
      assertThat(get(client.notifications().unreadCount())).isEqualTo(new UnreadCount(2, false));
      assertThat(get(client.notifications().read(ID))).isEqualTo(ONE);
      assertThat(get(client.notifications().readAll(ID))).isEqualTo(1);
      assertThat(get(client.notifications().delete(ID)).count()).isZero();
      assertThat(get(client.call("orders.list", Json.EMPTY))).isEqualTo(Json.object("orders", 2));
      assertThat(client.call("orders.cancel", Json.EMPTY))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              RealtimeException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_METHOD));
    }
  }

  @Test
  void the_client_reads_every_event() throws Exception {
    CursorStore cursors = CursorStore.inMemory();
    List<Object> heard = new CopyOnWriteArrayList<>();
    try (KeptAnswers server = new KeptAnswers();
        RealtimeClient client = Story.client(server, () -> "token", cursors)) {
      client.notifications().onNew(new_ -> heard.add("new " + new_.id()));
      client.notifications().onRead(read -> heard.add("read " + read.ids() + " " + read.upTo()));
      client.notifications().onDeleted(deleted -> heard.add("deleted " + deleted.id()));
      client.onPresence(presence -> heard.add(presence));
      client.onAnyEvent(event -> heard.add(event.name()));
      get(client.connect());

      GoldenFiles.all().keySet().stream()
          .filter(kind -> kind.startsWith("events/") && !kind.endsWith("/connected"))
          .forEach(server::say);
      server.say("heartbeat");

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                assertThat(heard)
                    .contains(
                        "new " + ID,
                        "read [" + ID + "] null",
                        "read [] " + ID,
                        "deleted " + ID,
                        new Presence(Story.BEN, PresenceStatus.BUSY, TIME),
                        "room.user_joined",
                        "room.user_left",
                        "room.size",
                        "score.changed");
                assertThat(server.called())
                    .as("after notification.resync, token_expired and notification.new")
                    .contains("notification.list", "auth.refresh", "notification.ack");
                assertThat(cursors.load())
                    .hasValueSatisfying(text -> assertThat(text).contains("12.7"));
              });
    }
  }

  @Test
  void the_server_reads_every_call() throws Exception {
    Map<String, String> calls =
        GoldenFiles.all().entrySet().stream()
            .filter(message -> message.getKey().startsWith("calls/"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<Long, Frame> answers = new ConcurrentHashMap<>();
    TappedWire wire = new TappedWire((connection, message) -> {});
    RealtimeServer server = Story.server(wire);
    try {
      CompletableFuture<Void> connected = new CompletableFuture<>();
      SocketFactory.Socket socket =
          wire.open(
              URI.create("ws://story.example/ws"),
              Story.token(Story.CARA, 3600),
              new Answers(connected, answers));
      connected.get(10, TimeUnit.SECONDS);
      long id = 0;
      for (String call : calls.values()) {
        socket.send(call.replaceFirst("\"id\":7", "\"id\":" + ++id));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> answers.size() == calls.size() - 1); // one wants none
    } finally {
      server.close();
    }
    assertThat(answers.values())
        .filteredOn(answer -> answer instanceof Frame.Failure)
        .extracting(failure -> ((Frame.Failure) failure).code())
        .isSubsetOf(Set.of(ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN));
  }

  private record Answers(CompletableFuture<Void> connected, Map<Long, Frame> answers)
      implements SocketFactory.Listener {
    @Override
    public void onBytes(boolean inside) {}

    @Override
    public void onText(String text) {
      for (String message : FrameCodec.split(text)) {
        Frame frame = FrameCodec.decode(message);
        if (frame instanceof Frame.Result result) {
          answers.put(result.id(), frame);
        } else if (frame instanceof Frame.Failure failure && failure.id() != null) {
          answers.put(failure.id(), frame);
        } else {
          connected.complete(null);
        }
      }
    }

    @Override
    public void onEnd(End end) {}
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }
}
