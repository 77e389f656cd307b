package dev.realtime4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationType;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
  private static final UserId USER = UserId.of("0190a000-0000-7000-8000-00000000000a");
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.007Z");

  static Stream<Frame> frames() {
    Json data = Json.object("a", "x\n€", "b", List.of(1, Json.NULL));
    return Stream.of(
        new Frame.Call(7L, "room.join", data),
        new Frame.Call(null, "notification.ack", Json.EMPTY),
        new Frame.Call(Long.MAX_VALUE, "x", Json.EMPTY),
        new Frame.Result(7, data),
        new Frame.Result(7, Json.NULL),
        new Frame.Failure(7L, ErrorCode.ROOM_FULL, "full \"up\"", Duration.ofMillis(1_500)),
        new Frame.Failure(null, ErrorCode.BAD_REQUEST, "", null),
        new Frame.Event("match.update", "match:42", data),
        Frame.Event.of("connected", Json.EMPTY),
        Frame.Heartbeat.INSTANCE);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void what_is_written_is_read_and_is_one_line(Frame frame) {
    String text = FrameCodec.encode(frame);
    assertThat(text).doesNotContain("\n", "\r");
    assertThat(FrameCodec.decode(text)).isEqualTo(frame);
  }

  @Test
  void a_frame_of_several_messages_is_cut_at_newlines_and_nowhere_else() {
    assertThat(FrameCodec.split("{}")).containsExactly("{}");
    assertThat(FrameCodec.split("{}\n\n{\"a\":\r1}\n \n[]\n"))
        .containsExactly("{}", "{\"a\":\r1}", "[]");
    assertThat(FrameCodec.split("{\"a\":\"\u2028\u0085\"}\n{}")).hasSize(2);
    assertThat(FrameCodec.split("\n\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " { } ", "{\n}", "{\"id\":1,\"method\":\"m\",\"x\":{\"y\":1}}"})
  void unknown_fields_and_white_space_do_not_matter(String text) {
    assertThat(FrameCodec.decode(text)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` |",
        "x |",
        "[] |",
        "null |",
        "7 |",
        "\"a\" |",
        "{\"x\":1} |",
        "{\"id\":0,\"method\":\"m\"} |",
        "{\"id\":-1,\"method\":\"m\"} |",
        "{\"id\":1.5,\"method\":\"m\"} |",
        "{\"id\":\"1\",\"method\":\"m\"} |",
        "{\"id\":9223372036854775808,\"method\":\"m\"} |",
        "{\"id\":{},\"method\":\"m\"} |",
        "{\"id\":5} | 5",
        "{\"id\":5,\"method\":7} | 5",
        "{\"id\":5,\"method\":\"\"} | 5",
        "{\"id\":5,\"method\":null} | 5",
        "{\"id\":5,\"method\":\"m\",\"params\":[]} | 5",
        "{\"id\":5,\"method\":\"m\",\"params\":\"x\"} | 5",
        "{\"id\":5,\"event\":{}} | 5",
        "{\"id\":5,\"event\":\"e\",\"room\":7} | 5",
        "{\"id\":5,\"error\":{}} | 5",
        "{\"id\":5,\"error\":[]} | 5",
        "{\"result\":{}} |",
      })
  void what_is_no_message_is_refused_with_its_id_when_that_can_be_read(String text, String id) {
    assertThatThrownBy(() -> FrameCodec.decode(text == null ? "" : text))
        .isInstanceOfSatisfying(
            UnreadableFrameException.class,
            e ->
                assertThat(e.id()).isEqualTo(id == null || id.isEmpty() ? null : Long.valueOf(id)));
  }

  @Test
  void a_method_name_of_hostile_length_is_refused() {
    assertThatThrownBy(() -> FrameCodec.decode("{\"method\":\"" + "m".repeat(100_000) + "\"}"))
        .isInstanceOf(UnreadableFrameException.class)
        .hasMessageNotContaining("mmm");
  }

  @Test
  void whatever_value_is_valid_can_be_sent_and_read_wherever_it_stands() {
    Json deepest = Json.parse("{\"a\":".repeat(63) + "[]" + "}".repeat(63));
    Notification notification =
        new Notification(
            NotificationId.of("0190a000-0000-7000-8000-00000000000b"),
            USER,
            new NotificationContent(NotificationType.ALERT, "t", null, deepest),
            null,
            TIME);
    Json page = Json.object("notifications", List.of(NotificationJson.of(notification)));
    String text = FrameCodec.encode(new Frame.Result(1, page));
    Frame.Result read = (Frame.Result) FrameCodec.decode(text);
    Json item = read.result().fields().getOrDefault("notifications", Json.NULL).elements().get(0);
    assertThat(NotificationJson.read(USER, item)).isEqualTo(notification);
  }

  @Test
  void records_survive_the_wire() {
    Notification read =
        new Notification(
            NotificationId.of("0190a000-0000-7000-8000-00000000000b"),
            USER,
            new NotificationContent(
                NotificationType.WARNING, "ü", "b\nb", Json.object("link", "/x")),
            TIME,
            TIME);
    assertThat(NotificationJson.read(USER, NotificationJson.of(read))).isEqualTo(read);
    assertThat(NotificationJson.of(read).text()).doesNotContain("user_id");
    Presence presence = new Presence(USER, PresenceStatus.BUSY, TIME);
    assertThat(PresenceJson.read(PresenceJson.of(presence))).isEqualTo(presence);
    Presence never = Presence.offline(USER, null);
    assertThat(PresenceJson.read(PresenceJson.of(never))).isEqualTo(never);
    PresenceChange change = new PresenceChange(presence, 12);
    assertThat(PresenceChange.decode(change.encoded())).isEqualTo(change);
    UnreadCount unread = UnreadCount.of(5);
    assertThat(NotificationJson.unread(NotificationJson.of(unread))).isEqualTo(unread);
  }

  @Test
  void times_have_milliseconds_always() {
    assertThat(WireTime.format(Instant.parse("2026-03-01T12:00:00Z")))
        .isEqualTo("2026-03-01T12:00:00.000Z");
    assertThat(WireTime.format(Instant.parse("2026-03-01T12:00:00.123456Z")))
        .isEqualTo("2026-03-01T12:00:00.123Z");
  }

  @Test
  void the_id_is_found_without_reading_the_message() {
    assertThat(FrameCodec.idOf("{\"id\":7,\"method\":\"x\",\"params\":[[")).isEqualTo(7);
    assertThat(FrameCodec.idOf("{\"params\":{\"id\":1},\"method\":\"x\",\"id\":7}")).isEqualTo(7);
    for (String none :
        List.of(
            "",
            "{}",
            "[7]",
            "{\"id\"",
            "{\"id\":\"7\"}",
            "{\"id\":-7}",
            "{\"id\":1.5}",
            "{\"id\":99999999999999999999}",
            "{\"params\":{\"id\":7}}",
            "[".repeat(100_000))) {
      assertThat(FrameCodec.idOf(none)).as(none).isNull();
    }
  }
}
