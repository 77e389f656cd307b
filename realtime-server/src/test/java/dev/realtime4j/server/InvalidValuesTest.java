package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that are none: the fault of the application, or of a client. */
class InvalidValuesTest {
  private static final RoomName LOBBY = RoomName.of("lobby");

  private final UserId user = TestUsers.some();
  private final RealtimeServer server =
      RealtimeServer.builder()
          .port(0)
          .authenticator(new TestUsers())
          .handler(
              "user",
              call ->
                  Json.of(
                      UserId.of(call.params().fields().getOrDefault("id", Json.NULL).asString())
                          .toString()))
          .handler(
              "bug",
              call -> {
                throw new IllegalArgumentException("hush");
              })
          .build()
          .start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_client_is_told_of_its_own_also_by_a_handler_of_the_application() {
    try (WireClient client = WireClient.open(server, user)) {
      assertThat(client.error("user", Json.object("id", "x"))).isEqualTo("RT_BAD_REQUEST");
      assertThat(client.error("user", Json.object("id", 7))).isEqualTo("RT_BAD_REQUEST");
      assertThat(client.error("room.join", Json.object("room", "a b")))
          .isEqualTo("RT_INVALID_CHANNEL");
      assertThat(client.error("bug", Json.EMPTY)).isEqualTo("RT_INTERNAL");
    }
  }

  @Test
  void those_of_the_application_are_illegal_arguments() {
    NotificationContent content =
        new NotificationContent(NotificationType.INFO, "sale", null, Json.EMPTY);
    assertIllegal(() -> NewNotification.to(user).title("x".repeat(256)).build());
    assertIllegal(() -> NewNotification.to(user).title("x").data(Json.of(1)).build());
    assertIllegal(() -> server.notifications().sendAll(List.of(user), content, ""));
    assertIllegal(() -> server.rooms().publish(LOBBY, "", Json.EMPTY));
    assertIllegal(() -> server.rooms().publishToUser(user, "x".repeat(129), Json.EMPTY));
    assertIllegal(() -> server.publish(LOBBY, "large", Json.of("x".repeat(300_000))));
    assertIllegal(() -> server.presence().set(user, PresenceStatus.OFFLINE));
    assertIllegal(() -> RoomName.of("user:x"));
    assertIllegal(() -> UserId.of("1-1-1-1-1"));
    assertIllegal(() -> Json.of(Double.NaN));
  }

  private static void assertIllegal(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }
}
