package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.WebSocketRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The browser's client: calls, and what is wanted on every connection. */
class RealtimeJsCallsTest extends RealtimeJsScript {
  @Test
  void what_is_no_message_is_left_out_and_what_comes_behind_it_is_heard() {
    List<String> errors = new ArrayList<>();
    page.onPageError(errors::add);
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    int before = received.size();

    push("null", "5", "[1]", "\"text\"", "{", notification("n1"));
    socket().send(new byte[] {1, 2});
    push(notification("n2"));

    page.waitForFunction("() => seen.some(([, what]) => what === 'n2')");
    assertThat(seen("notification.new")).isEqualTo(List.of("n1", "n2"));
    assertThat(errors).isEmpty();
    assertThat(received.subList(before, received.size())).doesNotContain("{}");
  }

  @Test
  void it_comes_back_by_itself_with_its_cursor_its_rooms_and_its_watches() {
    page.evaluate(
        "() => { realtime.join('lobby'); realtime.watch(['ben']); realtime.setStatus('BUSY'); }");
    greet("\"missed\":null,\"cursor\":\"c1\"");
    restore(3, 1);
    received.clear();

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);
    assertThat(socket().url()).contains("since=c1").contains("token=token-2");
    greet("\"missed\":0,\"cursor\":\"c2\"");

    awaitReceived("\"room.join\",\"params\":{\"room\":\"lobby\"}");
    awaitReceived("\"presence.watch\",\"params\":{\"user_ids\":[\"ben\"]}");
    awaitReceived("\"presence.set\",\"params\":{\"status\":\"BUSY\"}");
    assertThat(page.evaluate("() => realtime.state"))
        .as("told when all is back")
        .isEqualTo("connecting");
    restore(3, 4);
  }

  @Test
  void another_devices_newer_status_is_not_overwritten_at_a_reconnect() {
    page.evaluate("() => { realtime.watch(['me']); realtime.setStatus('BUSY'); }");
    greet("\"missed\":null,\"cursor\":\"c1\"");
    restore(2, 1);
    push("{\"event\":\"presence.changed\",\"data\":{\"user_id\":\"me\",\"status\":\"ONLINE\"}}");
    awaitSeen("presence.changed", "ONLINE");
    received.clear();

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);
    greet("\"missed\":0,\"cursor\":\"c2\"");

    awaitReceived("presence.watch");
    assertThat(received).noneMatch(message -> message.contains("presence.set"));
  }

  @Test
  void more_users_than_one_call_may_name_are_watched_no_longer_in_several() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    page.evaluate("() => { realtime.unwatch(Array.from({ length: 201 }, (_, i) => 'u' + i)); }");

    awaitReceived("\"presence.unwatch\",\"params\":{\"user_ids\":[\"u200\"]}");
    assertThat(received).filteredOn(message -> message.contains("presence.unwatch")).hasSize(2);
  }

  @Test
  void users_that_calls_name_count_as_the_server_counts_them() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    page.evaluate(
        "() => { realtime.unwatch(Array.from({ length: 1000 }, (_, i) => 'u' + i));"
            + " realtime.unwatch(['last']); }");

    // Four of 200 are a burst of 16.
    awaitReceived("\"u799\"");
    assertThat(received).noneMatch(message -> message.contains("u800"));
    page.clock().runFor(700);
    awaitReceived("\"last\"");
  }

  @Test
  void a_call_is_a_promise_that_keeps_the_error_code() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    page.evaluate(
        "() => { realtime.call('echo', { a: 1 }).then((r) => { window.result = r; });"
            + " realtime.call('other').catch((e) => { window.failure = [e.code, e.retryAfter]; });"
            + " realtime.call('lost').catch((e) => { window.lost = e.code; }); }");
    awaitReceived("lost");

    push(
        "{\"id\":2,\"error\":{\"code\":\"RT_RATE_LIMITED\",\"message\":\"slower\",\"retry_after_ms\":50}}",
        "{\"id\":1,\"result\":{\"a\":1}}");
    page.waitForFunction("() => window.result && window.failure");

    assertThat(page.evaluate("() => window.result")).isEqualTo(Map.of("a", 1));
    assertThat(page.evaluate("() => window.failure")).isEqualTo(List.of("RT_RATE_LIMITED", 50));
    socket().close();
    page.waitForFunction("() => window.lost === 'RT_UNAVAILABLE'");
  }

  @Test
  void calls_wait_for_a_connection_and_those_that_may_be_are_repeated() {
    page.evaluate(
        "() => { realtime.call('early').catch(() => {}); realtime.call('notification.read', { id: 'a' });"
            + " realtime.publish('lobby', 'said', {}).catch((e) => { window.lost = e.message; }); }");
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("room.publish");
    assertThat(received.toString()).contains("early").contains("notification.read");
    received.clear();

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    page.waitForFunction("() => window.lost");
    page.clock().runFor(600);
    awaitSockets(2);
    welcome("\"missed\":0,\"cursor\":\"c2\"");

    awaitReceived("\"notification.read\",\"params\":{\"id\":\"a\"}");
    assertThat(received.toString()).doesNotContain("early").doesNotContain("publish");
  }

  @Test
  void not_more_calls_wait_than_256_and_none_for_longer_than_thirty_seconds() {
    page.evaluate(
        "() => { window.failed = []; for (let i = 0; i < 257; i++)"
            + " realtime.call('notification.list').catch(({ message }) => failed.push(message)); }");
    page.waitForFunction("() => failed.length === 1");
    assertThat(page.evaluate("() => failed[0]")).asString().contains("too many");

    page.clock().runFor(30_000);

    page.waitForFunction("() => failed.length === 257");
  }

  @Test
  void a_call_that_the_server_would_close_the_socket_for_fails_by_itself() {
    page.evaluate(
        "() => realtime.publish('lobby', 'said', 'x'.repeat(65536)).catch((e) => { window.code = e.code; })");

    page.waitForFunction("() => window.code === 'RT_LIMIT_EXCEEDED'");
  }

  @Test
  void many_rooms_come_back_slower_than_a_server_would_mind() {
    page.evaluate("() => { for (let i = 0; i < 30; i++) realtime.join('room-' + i); }");
    greet("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("room-15");
    assertThat(received).hasSize(16);

    page.clock().runFor(2_000);

    awaitReceived("room-29");
  }

  @Test
  void a_room_that_cannot_be_had_is_told_and_given_up() {
    page.evaluate(
        "() => { realtime.on('refused', ({ room, code }) => { window.refused = [room, code]; }); realtime.join('full'); }");
    greet("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("full");
    push("{\"id\":1,\"error\":{\"code\":\"RT_ROOM_FULL\",\"message\":\"full\"}}");

    awaitSeen("state", "connected");
    assertThat(page.evaluate("() => window.refused")).isEqualTo(List.of("full", "RT_ROOM_FULL"));
  }

  @Test
  void a_room_whose_store_is_away_does_not_hold_it_up_and_is_joined_later() {
    page.evaluate("() => realtime.join('lobby')");
    greet("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("{\"id\":1,");
    push("{\"id\":1,\"error\":{\"code\":\"RT_UNAVAILABLE\",\"message\":\"away\"}}");
    awaitSeen("state", "connected");

    page.clock().runFor(3_000);

    awaitReceived("{\"id\":2,\"method\":\"room.join\"");
  }
}
