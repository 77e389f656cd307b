package dev.realtime4j.integration.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.fixtures.SlowLink;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client that missed 240 kB, and a call of 60 kB, on a link of 4 kB a second. All waits and the
 * link are eight times as fast as they are by default; with {@code -Dslow.times=1} as they are.
 */
@Timeout(300)
class SlowLinkTest {
  private static final int TIMES = Integer.getInteger("slow.times", 8);
  private static final int BYTES_PER_SECOND = 4_000 * TIMES;
  private static final int MISSED = 200;

  private final UserId user = new UserId(UUID.randomUUID());
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<ConnectionState> states = new CopyOnWriteArrayList<>();
  private final CursorStore cursors = CursorStore.inMemory();

  @SuppressWarnings("NullAway.Init")
  private RealtimeServer server;

  private static Duration byDefault(int seconds) {
    return Duration.ofMillis(1_000L * seconds / TIMES);
  }

  @BeforeEach
  void serve() {
    server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
            .heartbeatInterval(byDefault(25))
            .heartbeatTimeout(byDefault(10))
            .handler("echo", MethodCall::params)
            .drainTime(Duration.ZERO)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RealtimeClient.Builder client(int port) {
    return RealtimeClient.builder()
        .endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"))
        .token(user.toString())
        .cursorStore(cursors)
        .handshakeTimeout(byDefault(10))
        .callTimeout(byDefault(10));
  }

  @Test
  void two_hundred_missed_ones_arrive_once_each_and_a_large_call_is_answered() throws Exception {
    try (RealtimeClient before = client(server.port()).build()) {
      before.connect().get(20, TimeUnit.SECONDS);
    }
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < MISSED; i++) {
      sent.add("n" + i);
      server
          .notifications()
          .send(NewNotification.to(user).title("n" + i).body("x".repeat(1_000)).build());
    }
    try (SlowLink link = new SlowLink(server.port(), BYTES_PER_SECOND);
        RealtimeClient slow = client(link.port()).build()) {
      slow.onState(change -> states.add(change.state()));
      slow.notifications().onNew(one -> heard.add(one.content().title()));
      slow.connect().get(120, TimeUnit.SECONDS);
      await().atMost(Duration.ofSeconds(150)).until(() -> heard.size() >= MISSED);
      Json large = Json.object("text", "x".repeat(60_000));
      assertThat(slow.call("echo", large).get(120, TimeUnit.SECONDS)).isEqualTo(large);

      assertThat(heard).containsExactlyElementsOf(sent);
      assertThat(link.accepted()).as("the first connection held").isEqualTo(1);
      assertThat(states).containsExactly(ConnectionState.CONNECTING, ConnectionState.CONNECTED);
    }
  }
}
