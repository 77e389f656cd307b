package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user whose status goes to and fro, and who hears of it. */
final class FlappingStatusTest {
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(new TestUsers())
          .messagesPerSecond(10_000)
          .build()
          .start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void watchers_hear_of_two_hundred_flips_a_few_times_and_rightly_at_last() {
    UserId user = TestUsers.some();
    List<Presence> told = new CopyOnWriteArrayList<>();
    try (WireClient one = WireClient.open(server, user);
        WireClient other = WireClient.open(server, user);
        WireClient viewer = WireClient.open(server, TestUsers.some())) {
      Registration listening = server.presence().watch(List.of(user), told::add);
      viewer.call("presence.watch", Json.object("user_ids", List.of(user)));
      long began = System.nanoTime();
      for (int flip = 0; flip < 100; flip++) {
        assertThat(one.call("presence.set", status("BUSY")).text()).contains("BUSY");
        assertThat(server.presence().get(user).status()).isEqualTo(PresenceStatus.BUSY);
        assertThat(other.call("presence.set", status("ONLINE")).text()).contains("ONLINE");
      }
      one.call("presence.set", status("BUSY"));
      Duration took = Duration.ofNanos(System.nanoTime() - began);

      viewer.await(message -> message.text().contains("presence.changed"));
      await().until(() -> told.get(told.size() - 1).status() == PresenceStatus.BUSY);
      assertThat(told).hasSizeBetween(1, (int) took.toSeconds() + 4);
      listening.close();
    }
  }

  private static Json status(String status) {
    return Json.object("status", status);
  }
}
