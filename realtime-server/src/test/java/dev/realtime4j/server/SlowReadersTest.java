package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers that stall among readers that read. */
final class SlowReadersTest {
  private static final int STALLED = 30;
  private static final int BUDGET = 1024 * 1024;
  private static final RoomName ROOM = RoomName.of("lobby");
  private static final String TEXT = "x".repeat(50_000);

  private final Map<UserId, Integer> closed = new ConcurrentHashMap<>();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  @BeforeEach
  void start() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(new TestUsers())
            .outgoingBudgetBytes(BUDGET)
            .sendBufferBytes(64 * 1024)
            .handler("echo", MethodCall::params)
            .listener(
                new ConnectionListener() {
                  @Override
                  public void onDisconnect(UserId user, SocketId socket, int code, String reason) {
                    closed.put(user, code);
                  }
                })
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A socket that hears that it is open, and then reads nothing any more. */
  private RawSilence stalled(UserId user) throws Exception {
    RawSilence socket = RawSilence.open(server, user);
    StringBuilder heard = new StringBuilder();
    byte[] part = new byte[4096];
    while (heard.indexOf("\"connected\"") < 0) {
      heard.append(new String(part, 0, socket.read(part), StandardCharsets.ISO_8859_1));
    }
    return socket;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void who_stalls_is_closed_with_4508_and_its_memory_given_back_while_others_miss_nothing()
      throws Exception {
    List<UserId> users = new ArrayList<>();
    List<RawSilence> sockets = new ArrayList<>();
    try (WireClient reader = WireClient.open(server, TestUsers.some())) {
      reader.call("room.join", Json.object("room", "lobby"));
      for (int i = 0; i < STALLED; i++) {
        users.add(TestUsers.some());
        sockets.add(stalled(users.get(i)));
      }
      long before = heap();

      int published = 0;
      while (!closed.keySet().containsAll(users)) {
        assertThat(published).as("texts that nobody could have buffered").isLessThan(1_000);
        for (UserId user : users) {
          server.rooms().publishToUser(user, "own", Json.object("i", published, "p", TEXT));
        }
        server.rooms().publish(ROOM, "tick", Json.object("i", published));
        assertThat(WireClient.text(reader.event("tick"), "i"))
            .isEqualTo(String.valueOf(published++));
      }

      assertThat(closed.values()).containsOnly(4508);
      // Far less than what the stalled ones were allowed together, though they are still connected
      // on their side.
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(heap() - before).isLessThan((long) STALLED * BUDGET / 2));
      reader.call("echo", Json.EMPTY);
    }
    for (RawSilence socket : sockets) {
      socket.close();
    }
  }

  @Test
  @SuppressWarnings("try") // the socket is there and does nothing, which is what it is for
  void the_close_comes_within_a_second_of_crossing_the_budget() throws Exception {
    UserId user = TestUsers.some();
    RawSilence socket = stalled(user);
    try {
      long start = System.nanoTime();
      int published = 0;
      // More than everything between: budget, this kernel's buffer, the client's.
      while (published < 300) {
        server.rooms().publishToUser(user, "own", Json.object("i", published++, "p", TEXT));
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> closed.containsKey(user));

      assertThat(closed.get(user)).isEqualTo(4508);
      // Half a second in which the close frame is tried; the rest is for a busy machine.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    } finally {
      socket.close();
    }
  }
}
