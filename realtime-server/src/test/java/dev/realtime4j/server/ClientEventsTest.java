package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.fixtures.SlowLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member can do to a room by publishing. */
final class ClientEventsTest {
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(new TestUsers())
          .roomPolicy(RoomPolicy.open())
          .messagesPerSecond(1000)
          .clientEventBytesPerSecond(16 * 1024) // what it is for ten messages a second
          .handler("echo", MethodCall::params)
          .build()
          .start();

  @AfterEach
  void stop() {
    server.close();
  }

  private static Json join() {
    return Json.object("room", "lobby");
  }

  private static Json publish(String event, int bytes) {
    return Json.object("room", "lobby", "event", event, "data", "x".repeat(bytes));
  }

  @Test
  void one_member_cannot_have_those_on_ordinary_links_closed() throws Exception {
    try (SlowLink link = new SlowLink(server.port(), 64 * 1024);
        WireClient member = WireClient.openAt(link.port(), TestUsers.some());
        WireClient loud = WireClient.open(server, TestUsers.some())) {
      member.call("room.join", join());
      String text = publish("noise", 8_000).text();
      for (int i = 1; i <= 400; i++) {
        loud.send(
            "{\"id\":" + (1000 + i) + ",\"method\":\"room.publish\",\"params\":" + text + "}");
      }
      String refused =
          loud.await(message -> WireClient.text(message, "error").contains("RT_RATE_LIMITED"))
              .text();
      assertThat(refused).containsPattern("\"retry_after_ms\":\\d+");
      loud.await(message -> WireClient.text(message, "id").equals("1400"));

      member.call("echo", Json.EMPTY);
      assertThat(member.error("room.publish", publish("noise", 8_300))).isEqualTo("RT_BAD_REQUEST");
      member.call("room.publish", publish("signal", 8_000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state",
        "unread",
        "joined",
        "refused",
        "repeat",
        "frame",
        "connected",
        "token_expired",
        "notification.new",
        "presence.changed",
        "room.size",
        "server.draining",
        "auth.refresh"
      })
  void names_that_clients_act_upon_are_not_for_members(String name) {
    try (WireClient member = WireClient.open(server, TestUsers.some())) {
      assertThat(member.error("room.publish", publish(name, 1))).isEqualTo("RT_BAD_REQUEST");
    }
  }

  @Test
  void the_application_may_publish_more_and_call_it_state() {
    try (WireClient member = WireClient.open(server, TestUsers.some())) {
      member.call("room.join", join());
      server.rooms().publish(RoomName.of("lobby"), "state", Json.object("p", "x".repeat(100_000)));
      assertThat(member.event("state").text()).hasSizeGreaterThan(100_000);
    }
  }
}
