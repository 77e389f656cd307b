package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.room.RoomName;
import org.junit.jupiter.api.Test;

/** What ends in a log when an application writes one of these into it. */
class ShortTextsTest {
  private static final Json HUSH = Json.object("card", "hush");

  @Test
  void an_event_is_told_without_its_data() {
    assertThat(new Event("paid", RoomName.of("shop"), HUSH)).hasToString("Event[paid in shop]");
    assertThat(new Event("paid", null, HUSH)).hasToString("Event[paid]");
  }

  @Test
  void a_notification_to_send_is_told_without_what_it_says() {
    UserId user = UserId.of("0190a000-0000-7000-8000-000000000001");
    assertThat(NewNotification.to(user).title("hush").data(HUSH).idempotencyKey("hush-1").build())
        .hasToString("NewNotification[INFO to " + user + "]");
  }
}
