package dev.realtime4j.server.internal.session.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowedOriginsTest {
  private final AllowedOrigins origins =
      AllowedOrigins.of(
          List.of(
              "https://App.Example:443",
              "http://localhost:3000",
              "capacitor://localhost",
              "http://my_app:3000",
              "http://Stack_web",
              "http://[::1]:3000"));

  @ParameterizedTest
  @CsvSource({
    "https://app.example, true",
    "http://localhost:3000, true",
    "capacitor://localhost, true",
    "http://my_app:3000, true",
    "http://stack_web, true",
    "http://[::1]:3000, true",
    "http://my_app, false",
    "http://my-app:3000, false",
    "http://app.example, false",
    "https://app.example.evil.example, false",
    "https://evil.example, false",
    "http://localhost:3001, false",
    "http://localhost, false",
    "null, false",
    "'https://app.example, https://evil.example', false",
    "'', false",
  })
  void a_browser_passes_from_a_listed_origin_only(String origin, boolean passes) {
    assertThat(origins.allow(origin)).isEqualTo(passes);
  }

  @Test
  void a_program_needs_no_origin() {
    assertThat(origins.allow(null)).isTrue();
  }

  @Test
  void without_a_list_every_origin_passes() {
    assertThat(AllowedOrigins.of(List.of()).allow("https://anywhere.example")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "example.org",
        "https://example.org/",
        "https://example.org/app",
        "https://*.example.org",
        "https://example.org?x",
        "https://me@example.org",
        "https://",
        "null",
        "https://a b",
        "https://example.org:",
        "https://example.org:port",
        "https://münchen.example",
      })
  void what_no_browser_would_send_is_refused_with_the_remedy(String origin) {
    assertThatThrownBy(() -> AllowedOrigins.of(List.of(origin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + origin + "\" is no origin")
        .hasMessageContaining("https://example.org");
  }
}
