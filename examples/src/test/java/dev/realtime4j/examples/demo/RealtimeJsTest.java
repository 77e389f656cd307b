package dev.realtime4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import dev.realtime4j.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The browser's client against a server that says exactly what a test wants, on the page's clock.
 */
@Tag("chromium")
class RealtimeJsTest {
  private static Chromium chromium;

  private final List<WebSocketRoute> sockets = new ArrayList<>();
  private final List<String> received = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void launch() {
    chromium = new Chromium();
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @BeforeEach
  void open() {
    page = chromium.browser().newPage();
    page.clock().install(new Clock.InstallOptions().setTime(0));
    page.routeWebSocket(
        Pattern.compile("ws://realtime\\.test/.*"),
        socket -> {
          sockets.add(socket);
          socket.onMessage(frame -> received.add(frame.text()));
        });
    page.navigate(SharedStage.ADDRESS + "/realtime.js");
    page.clock().pauseAt(3_600_000); // from here on time passes only where a test says so
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          window.seen = [];
          window.tokens = 0;
          window.realtime = new Realtime({ url: 'ws://realtime.test/ws', token: () => `token-${++window.tokens}` });
          for (const event of ['state', 'notification.new', 'repeat', 'unread', 'presence.changed', 'progress'])
            realtime.on(event, (data) => seen.push([event, data.state ?? data.id ?? data.count ?? data.status ?? data]));
          realtime.connect();
        }
        """);
    awaitSockets(1);
  }

  @AfterEach
  void leave() {
    page.close();
  }

  private WebSocketRoute socket() {
    return sockets.get(sockets.size() - 1);
  }

  private void awaitSockets(int count) {
    page.waitForCondition(() -> sockets.size() == count);
  }

  private void welcome(String missedAndCursor) {
    socket()
        .send(
            """
            {"event":"connected","data":{"server_id":"node-a","user_id":"me","heartbeat_interval_ms":25000,\
            "heartbeat_timeout_ms":10000,"token_expires_at":null,"unread":{"count":2,"capped":false},%s}}"""
                .formatted(missedAndCursor));
    page.waitForFunction("() => realtime.state === 'connected'");
  }

  private void push(String... messages) {
    socket().send(String.join("\n", messages));
  }

  private static String notification(String id) {
    return "{\"event\":\"notification.new\",\"data\":{\"id\":\"" + id + "\",\"read_at\":null}}";
  }

  private Object seen(String event) {
    return page.evaluate(
        "event => seen.filter(([name]) => name === event).map(([, what]) => what)", event);
  }

  private void awaitSeen(String event, Object what) {
    page.waitForFunction(
        "([event, what]) => seen.some(([name, one]) => name === event && JSON.stringify(one) === JSON.stringify(what))",
        List.of(event, what));
  }

  private void awaitReceived(String text) {
    page.waitForCondition(() -> received.stream().anyMatch(one -> one.contains(text)));
  }

  @Test
  void it_brings_its_token_and_its_protocol() {
    assertThat(socket().url()).isEqualTo("ws://realtime.test/ws?token=token-1");
    assertThat(socket().protocols()).containsExactly("realtime.v1");
  }

  @Test
  void it_can_keep_the_token_out_of_the_url() {
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          new Realtime({ url: 'ws://realtime.test/ws', token: 'hush', tokenIn: 'protocol' }).connect();
        }
        """);
    awaitSockets(2);

    assertThat(socket().url()).isEqualTo("ws://realtime.test/ws");
    assertThat(socket().protocols()).containsExactly("realtime.v1", "bearer.hush");
  }

  @Test
  void it_answers_heartbeats_and_reads_several_messages_of_one_frame() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push("{\"event\":\"progress\",\"data\":1}", "{}", "{\"event\":\"progress\",\"data\":2}");

    awaitSeen("progress", 2);
    assertThat(seen("progress")).isEqualTo(List.of(1, 2));
    awaitReceived("{}");
  }

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
  void it_comes_back_by_itself_with_its_cursor_its_rooms_and_its_watches() {
    page.evaluate(
        "() => { realtime.join('lobby'); realtime.watch(['ben']); realtime.setStatus('BUSY'); }");
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("room.join");
    received.clear();

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);
    assertThat(socket().url()).contains("since=c1").contains("token=token-2");
    welcome("\"missed\":0,\"cursor\":\"c2\"");

    awaitReceived("\"room.join\",\"params\":{\"room\":\"lobby\"}");
    awaitReceived("\"presence.watch\",\"params\":{\"user_ids\":[\"ben\"]}");
    awaitReceived("\"presence.set\",\"params\":{\"status\":\"BUSY\"}");
  }

  @Test
  void another_devices_newer_status_is_not_overwritten_at_a_reconnect() {
    page.evaluate("() => { realtime.watch(['me']); realtime.setStatus('BUSY'); }");
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    awaitReceived("presence.set");
    push("{\"event\":\"presence.changed\",\"data\":{\"user_id\":\"me\",\"status\":\"ONLINE\"}}");
    awaitSeen("presence.changed", "ONLINE");
    received.clear();

    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);
    welcome("\"missed\":0,\"cursor\":\"c2\"");

    awaitReceived("presence.watch");
    assertThat(received).noneMatch(message -> message.contains("presence.set"));
  }

  @Test
  void a_silent_socket_is_dropped_after_interval_and_timeout() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    page.clock().runFor(34_900);
    assertThat(page.evaluate("() => realtime.state")).isEqualTo("connected");
    page.clock().runFor(200);
    awaitSeen("state", "waiting");

    page.clock().runFor(600);
    awaitSockets(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 4400, 4403, 4409})
  void it_stays_away_when_it_is_told_to(int code) {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    socket().close(new WebSocketRoute.CloseOptions().setCode(code));
    awaitSeen("state", "closed");

    page.clock().runFor(60_000);
    assertThat(sockets).hasSize(1);
  }

  @Test
  void a_restarting_server_is_given_the_time_it_asked_for() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    push("{\"event\":\"server.draining\",\"data\":{\"reconnect_after_ms\":5000}}");

    socket().close(new WebSocketRoute.CloseOptions().setCode(1012));
    awaitSeen("state", "waiting");
    page.clock().runFor(4_900);
    assertThat(sockets).hasSize(1);
    page.clock().runFor(200);

    awaitSockets(2);
  }

  @Test
  void who_was_too_loud_waits_for_ten_seconds() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    socket().close(new WebSocketRoute.CloseOptions().setCode(4429));
    awaitSeen("state", "waiting");
    page.clock().runFor(10_000);
    assertThat(sockets).hasSize(1);
    page.clock().runFor(600);

    awaitSockets(2);
  }

  @Test
  void an_expired_token_is_renewed_on_the_open_socket() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push("{\"event\":\"token_expired\",\"data\":{\"grace_ms\":30000}}");

    awaitReceived("\"auth.refresh\",\"params\":{\"token\":\"token-2\"}");
    assertThat(sockets).hasSize(1);
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
  void a_listener_that_throws_harms_nobody() {
    page.evaluate("() => realtime.on('notification.new', () => { throw new Error('mine'); })");
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    push(notification("a"), notification("b"));

    awaitSeen("notification.new", "b");
    assertThat(Json.of(seen("notification.new"))).isEqualTo(Json.of(List.of("a", "b")));
  }
}
