package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.WebSocketRoute;
import dev.realtime4j.api.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The browser's client: each notification once and in order, and the cursor behind them. */
class RealtimeJsDeliveryTest extends RealtimeJsScript {
  @Test
  void a_repeated_notification_is_dropped_and_acknowledged_all_the_same() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push(notification("a"), notification("b"), notification("a"));

    awaitSeen("repeat", "a");
    assertThat(seen("notification.new")).isEqualTo(List.of("a", "b"));
    page.clock().runFor(300);
    awaitReceived("{\"method\":\"notification.ack\",\"params\":{\"ids\":[\"a\",\"b\",\"a\"]}}");
  }

  @Test
  void the_badge_counts_a_live_one_at_once_and_then_asks() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push(notification("a"));
    awaitSeen("unread", 3);
    page.clock().runFor(300);
    awaitReceived("notification.unread_count");
    push("{\"id\":1,\"result\":{\"count\":7,\"capped\":false}}");

    awaitSeen("unread", 7);
    assertThat(seen("unread")).isEqualTo(List.of(2, 3, 7));
  }

  @Test
  void the_cursor_moves_only_when_everything_missed_is_there() {
    welcome("\"missed\":2,\"cursor\":\"c2\"");
    push(notification("a"));
    awaitSeen("notification.new", "a");
    assertThat(page.evaluate("() => realtime.cursor")).isNull();

    push(notification("b"));
    awaitSeen("notification.new", "b");
    assertThat(page.evaluate("() => realtime.cursor")).isEqualTo("c2");
    assertThat(seen("unread")).as("missed ones are in the welcome's count").isEqualTo(List.of(2));
  }

  @Test
  void a_listener_that_throws_harms_nobody() {
    page.evaluate("() => realtime.on('notification.new', () => { throw new Error('mine'); })");
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push(notification("a"), notification("b"));

    awaitSeen("notification.new", "b");
    assertThat(Json.of(seen("notification.new"))).isEqualTo(Json.of(List.of("a", "b")));
  }

  private void listed(int id, String next, String... ids) {
    String items =
        Stream.of(ids)
            .map("{\"id\":\"%s\",\"read_at\":null}"::formatted)
            .collect(Collectors.joining(","));
    push(
        "{\"id\":%d,\"result\":{\"notifications\":[%s],\"next_cursor\":%s}}"
            .formatted(id, items, next));
  }

  private static String resync(String cursor, String from) {
    return "{\"event\":\"notification.resync\",\"data\":{\"cursor\":\"%s\",\"unread\":null,\"from\":%s}}"
        .formatted(cursor, from);
  }

  @Test
  void a_resync_reads_the_list_down_to_what_may_be_missing_and_holds_live_ones_behind_it() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    push(notification("d"));
    push(resync("c2", "\"b\""), notification("h"), notification("g"));
    awaitReceived("{\"id\":1,\"method\":\"notification.list\",\"params\":{\"limit\":100}}");
    listed(1, "\"p2\"", "g", "f", "e");
    awaitReceived("\"params\":{\"limit\":100,\"cursor\":\"p2\"}");
    assertThat(seen("notification.new")).isEqualTo(List.of("d"));
    assertThat(page.evaluate("() => realtime.cursor")).isEqualTo("c1");
    listed(2, "\"p3\"", "d", "c", "b", "a");

    awaitSeen("notification.new", "h");
    assertThat(seen("notification.new")).isEqualTo(List.of("d", "b", "c", "e", "f", "g", "h"));
    assertThat(page.evaluate("() => realtime.cursor")).isEqualTo("c2");
  }

  @Test
  void a_resync_that_names_nothing_goes_down_to_what_was_there_before_the_first_connection() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    page.clock().runFor(10_000);
    awaitReceived("{\"id\":1,\"method\":\"notification.list\",\"params\":{\"limit\":1}}");
    listed(1, "\"p2\"", "c");
    push(notification("e"));
    awaitSeen("notification.new", "e");

    push(resync("c2", "null"));
    awaitReceived("\"params\":{\"limit\":100}");
    listed(2, "\"p2\"", "e", "d", "c", "b");

    awaitSeen("notification.new", "d");
    assertThat(seen("notification.new")).isEqualTo(List.of("e", "d"));
  }

  @Test
  void a_cut_in_the_middle_of_a_resync_keeps_the_old_cursor() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    push(resync("c2", "\"a\""));
    awaitReceived("notification.list");

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);

    assertThat(socket().url()).contains("since=c1");
  }

  @Test
  void a_cursor_with_none_missed_waits_for_a_resync_that_may_come() {
    welcome("\"missed\":0,\"cursor\":\"c2\"");
    assertThat(page.evaluate("() => realtime.cursor")).isNull();

    page.clock().runFor(10_000);

    assertThat(page.evaluate("() => realtime.cursor")).isEqualTo("c2");
  }
}
