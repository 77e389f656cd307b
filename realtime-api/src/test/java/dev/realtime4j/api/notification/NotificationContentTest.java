package dev.realtime4j.api.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationContentTest {
  private static NotificationContent content(String title, @Nullable String body, String data) {
    return new NotificationContent(NotificationType.INFO, title, body, Json.parse(data));
  }

  private static void assertRefused(String title, @Nullable String body, String data, String word) {
    assertThatThrownBy(() -> content(title, body, data))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining(word);
  }

  @Test
  void a_title_has_1_to_255_code_points() {
    assertThatCode(() -> content("😀".repeat(255), null, "{}")).doesNotThrowAnyException();
    assertRefused("😀".repeat(256), null, "{}", "title");
    assertRefused("", null, "{}", "title");
  }

  @Test
  void body_and_data_have_16_kib_of_utf_8() {
    assertThatCode(() -> content("t", "x".repeat(16_384), "{}")).doesNotThrowAnyException();
    assertRefused("t", "x".repeat(16_385), "{}", "body");
    assertRefused("t", "€".repeat(5_462), "{}", "body");
    assertRefused("t", null, "{\"a\":\"" + "€".repeat(5_460) + "\"}", "data");
  }

  @Test
  void what_postgresql_does_not_take_is_refused_before_it_gets_there() {
    assertRefused("a\u0000", null, "{}", "NUL");
    assertRefused("a", "b\u0000", "{}", "NUL");
    assertRefused("a\ud800", null, "{}", "surrogate");
    assertRefused("a", "\udc00\ud800", "{}", "surrogate");
    assertRefused("a", null, "{\"a\":\"\\u0000\"}", "NUL");
    assertRefused("a", null, "{\"\\u0000\":1}", "NUL");
    assertRefused("a", null, "{\"a\":\"\\\\\\u0000\"}", "NUL");
    assertRefused("a", null, "{\"a\":\"\\ud800\"}", "surrogate");
    assertRefused("a", null, "{\"a\":\"\\ud800x\\udc00\"}", "surrogate");
    assertRefused("a", null, "{\"a\":\"\\udc00\\ud800\"}", "surrogate");
    assertRefused("a", null, "{\"a\":[1e131072]}", "number");
    assertRefused("a", null, "{\"a\":-1.5E-99999}", "number");
    assertRefused("a", null, "{\"a\":0e-99999}", "number");
    assertRefused("a", null, "{\"a\":0e1073741823}", "number");
    assertRefused("a", null, "{\"a\":1e1073741823}", "number");
    assertRefused("a", null, "{\"a\":1e150}", "100 digits");
    assertRefused("a", null, "{\"a\":1e-99}", "100 digits");
    assertRefused("a", null, "{\"a\":[0e-99]}", "100 digits");
    assertRefused("a", null, "[]", "object");
    assertRefused("a", null, "null", "object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\\\u0000\"}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\uD83D\\uDE00\\n\"}",
        "{\"a\":\"1e99999\"}",
        "{\"a\":1e99,\"b\":-1.25E-7,\"d\":1e-98,\"e\":0e9999,\"f\":0.5e99,\"c\":12345678901234567890}",
        "{\"a\":[0e10000,-0.00e+1073741822]}",
        "{\"a\":{\"b\":[{\"c\":\"\\\"\"}]}}"
      })
  void what_postgresql_takes_is_taken(String data) {
    assertThat(content("t", null, data).data().text()).isEqualTo(data);
  }

  @Test
  void java_s_own_large_numbers_are_refused() {
    for (Object number :
        new Object[] {
          Double.MAX_VALUE, Double.MIN_VALUE, Float.MIN_VALUE * 1e-60, new BigDecimal("1E+150")
        }) {
      assertThatThrownBy(
              () ->
                  new NotificationContent(
                      NotificationType.INFO, "t", null, Json.object("n", number)))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("100 digits");
    }
  }

  @Test
  void numbers_count_as_they_are_stored() {
    String numbers = "1e90,".repeat(300) + "1";
    assertRefused("t", null, "{\"a\":[" + numbers + "]}", "16 KiB");
    assertThatCode(() -> content("t", null, "{\"a\":[" + "1e40,".repeat(300) + "1]}"))
        .doesNotThrowAnyException();
  }

  @Test
  void it_shows_nothing_of_itself_in_logs() {
    assertThat(content("geheim", "privat", "{\"x\":\"daten\"}").toString())
        .doesNotContain("geheim", "privat", "daten");
  }

  @Test
  void an_idempotency_key_has_1_to_255_characters() {
    NewNotification.Builder builder =
        NewNotification.to(UserId.of("0190a000-0000-7000-8000-00000000000a")).title("t");
    assertThat(builder.idempotencyKey("k").build().idempotencyKey()).isEqualTo("k");
    assertThat(builder.idempotencyKey("😀".repeat(255)).build().idempotencyKey()).hasSize(510);
    assertThat(builder.idempotencyKey(null).build().idempotencyKey()).isNull();
    for (String key : new String[] {"", "x".repeat(256), "a\u0000", "a\ud800", "\udc00b"}) {
      assertThatThrownBy(() -> builder.idempotencyKey(key).build())
          .isInstanceOf(InvalidValueException.class);
    }
  }
}
