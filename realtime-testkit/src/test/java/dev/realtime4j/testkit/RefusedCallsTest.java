package dev.realtime4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.RealtimeClient;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server refuses is refused here, too: a test finds it before production does. */
@Timeout(60)
class RefusedCallsTest {
  private final FakeRealtimeServer server = FakeRealtimeServer.create();
  private final RealtimeClient client = server.client().build();

  @BeforeEach
  void connect() {
    client.connect().join();
    client.rooms().join(RoomName.of("room")).join();
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(RealtimeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "frame", "room.user_joined", "connected", "", "a\nb"})
  void an_event_of_a_client_is_not_called_as_the_protocols_or_the_clients_own(String name) {
    assertRefused(
        () -> client.rooms().publish(RoomName.of("room"), name, Json.EMPTY).join(),
        ErrorCode.BAD_REQUEST);
  }

  @Test
  void an_event_of_a_client_has_eight_kilobytes_at_most() {
    int message = "{\"event\":\"note\",\"room\":\"room\",\"data\":{\"text\":\"\"}}".length();
    Json fits = Json.object("text", "x".repeat(8192 - message));
    Json above = Json.object("text", "x".repeat(8193 - message));

    client.rooms().publish(RoomName.of("room"), "note", fits).join();
    assertRefused(
        () -> client.rooms().publish(RoomName.of("room"), "note", above).join(),
        ErrorCode.BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence.get", "presence.watch", "presence.unwatch"})
  void a_call_names_two_hundred_users_at_most(String method) {
    List<UUID> most = Collections.nCopies(200, UUID.randomUUID());
    List<UUID> above = Collections.nCopies(201, UUID.randomUUID());

    assertThat(client.call(method, Json.object("user_ids", most)).join()).isNotNull();
    assertRefused(
        () -> client.call(method, Json.object("user_ids", above)).join(), ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void an_event_of_the_host_is_not_called_as_the_protocols_own() {
    assertThatThrownBy(() -> server.publish(RoomName.of("room"), "room.closed", Json.EMPTY))
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    server.publish(RoomName.of("room"), "state", Json.EMPTY);
  }
}
