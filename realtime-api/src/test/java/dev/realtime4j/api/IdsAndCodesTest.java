package dev.realtime4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.CloseCode.Reconnect;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.api.room.RoomName;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsAndCodesTest {
  private static final String ID = "0190a000-0000-7000-8000-00000000000a";

  private static void assertRefused(ErrorCode code, Function<String, ?> reader, String text) {
    assertThatThrownBy(() -> reader.apply(text))
        .as(text)
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "0190a000-0000-7000-8000-00000000000",
        "0190a000-0000-7000-8000-0000000000000",
        "0190a0000-000-7000-8000-000000000001",
        "+190a000-0000-7000-8000-000000000001",
        "0190a000-0000-7000-8000-+00000000001",
        "0190a000 0000 7000 8000 000000000001",
        "0190a000-0000-7000-8000-00000000000g",
        "00000000-0000-0000-0000-000000000000",
        "0190a000-0000-7000-8000-00000000000\u0661"
      })
  void only_the_36_character_form_is_an_id(String text) {
    assertRefused(ErrorCode.BAD_REQUEST, UserId::of, text);
    assertRefused(ErrorCode.BAD_REQUEST, NotificationId::of, text);
  }

  @Test
  void ids_are_read_in_either_case_and_written_in_lower_case() {
    assertThat(UserId.of(ID.toUpperCase())).hasToString(ID).isEqualTo(UserId.of(ID));
  }

  @Test
  void notification_ids_are_ordered_by_their_bytes() {
    NotificationId low = new NotificationId(new UUID(0x7fff_ffff_ffff_ffffL, 1));
    NotificationId high = new NotificationId(new UUID(0x8000_0000_0000_0000L, 1));
    NotificationId highest = new NotificationId(new UUID(0x8000_0000_0000_0000L, -1));
    assertThat(List.of(highest, low, high).stream().sorted()).containsExactly(low, high, highest);
  }

  @Test
  void room_names_keep_to_their_alphabet_and_the_reserved_prefix_is_refused() {
    assertThat(RoomName.of("match:42_A.b-c").value()).isEqualTo("match:42_A.b-c");
    assertThat(RoomName.of("x".repeat(128)).isUserRoom()).isFalse();
    for (String name :
        List.of("", "a b", "a/b", "ä", "a\n", "x".repeat(129), "user:", "user:" + ID, "😀")) {
      assertRefused(ErrorCode.INVALID_CHANNEL, RoomName::of, name);
    }
    assertThat(RoomName.ofUser(UserId.of(ID)).isUserRoom()).isTrue();
  }

  @Test
  void cursors_fit_into_a_url_as_they_are() {
    assertThat(new SyncCursor("aZ09_.~-").value()).isEqualTo("aZ09_.~-");
    for (String text : List.of("", "a b", "a&b", "a%20", "a\n", "ä", "x".repeat(201))) {
      assertRefused(ErrorCode.BAD_REQUEST, SyncCursor::new, text);
    }
  }

  @Test
  void server_and_socket_ids_keep_to_their_alphabet() {
    assertThat(new ServerId("node-1.eu_west").toString()).isEqualTo("node-1.eu_west");
    for (String text : List.of("", "a:b", "a b", "ä", "x".repeat(65))) {
      assertRefused(ErrorCode.BAD_REQUEST, ServerId::new, text);
      assertRefused(ErrorCode.BAD_REQUEST, SocketId::new, text);
    }
  }

  @Test
  void every_close_code_is_found_by_its_number_and_the_rest_is_the_network() {
    for (CloseCode code : CloseCode.values()) {
      assertThat(CloseCode.of(code.value())).isEqualTo(code);
    }
    for (int unknown : new int[] {-1, 0, 1001, 1011, 3000, 4000, 4999, 70_000}) {
      assertThat(CloseCode.of(unknown)).isEqualTo(CloseCode.ABNORMAL);
    }
    assertThat(
            Arrays.stream(CloseCode.values())
                .filter(code -> code.reconnect() == Reconnect.NEVER)
                .map(CloseCode::value))
        .containsExactly(1000, 1009, 4400, 4403, 4409);
  }

  @Test
  void error_codes_have_their_wire_names_and_an_unknown_one_is_internal() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(ErrorCode.ofWire(code.wire())).isEqualTo(code);
    }
    assertThat(ErrorCode.ofWire("RT_OF_TOMORROW")).isEqualTo(ErrorCode.INTERNAL);
    assertThat(ErrorCode.ofWire("ROOM_FULL")).isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void a_count_is_exact_up_to_its_cap() {
    assertThat(UnreadCount.of(1_000)).isEqualTo(new UnreadCount(1_000, false));
    assertThat(UnreadCount.of(1_001)).isEqualTo(new UnreadCount(1_000, true));
    assertThat(UnreadCount.of(Long.MAX_VALUE)).isEqualTo(new UnreadCount(1_000, true));
  }

  @Test
  void a_page_holds_one_to_a_hundred() {
    assertThat(PageRequest.first(100).limit()).isEqualTo(100);
    assertThatThrownBy(() -> PageRequest.first(0)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> PageRequest.first(101)).isInstanceOf(InvalidValueException.class);
  }

  /** The values are those of other makers of version 5: RFC 9562, A.4, and Python's uuid5. */
  @Test
  void a_user_of_a_name_is_the_same_everywhere() {
    UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    assertThat(UserId.named(dns, "www.example.com"))
        .hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2")
        .isEqualTo(UserId.named(dns, "www.example.com"));
    assertThat(UserId.named(dns, "Zoë")).hasToString("11504112-53d6-5767-8afa-3b57a834f1b0");
    assertThatThrownBy(() -> UserId.named(dns, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }
}
