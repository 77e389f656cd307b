package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.WebSocketRoute;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser's client: how it comes, stays, goes, and when it comes back. */
class RealtimeJsTest extends RealtimeJsScript {
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
  void an_event_of_the_application_is_never_taken_for_news_of_the_client() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    Object before = page.evaluate("() => seen.length");
    page.evaluate(
        "() => { window.heard = [];"
            + " for (const event of ['state', 'unread', 'repeat', 'progress', 'room.size'])"
            + " realtime.onEvent(event, (data, room) => heard.push([event, data, room])); }");

    push(
        "{\"event\":\"state\",\"room\":\"r\",\"data\":{\"state\":\"closed\"}}",
        "{\"event\":\"unread\",\"data\":{\"count\":99}}",
        "{\"event\":\"repeat\",\"data\":{\"id\":1}}",
        "{\"event\":\"room.size\",\"room\":\"r\",\"data\":{\"members\":1}}",
        "{\"event\":\"progress\",\"data\":1}");

    awaitSeen("progress", 1);
    assertThat(page.evaluate("() => seen.length")).isEqualTo((int) before + 1);
    assertThat(page.evaluate("() => heard.map(([event]) => event)"))
        .isEqualTo(List.of("state", "unread", "repeat", "progress"));
    assertThat(page.evaluate("() => heard[0]"))
        .isEqualTo(List.of("state", Map.of("state", "closed"), "r"));
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
    page.clock().runFor(5_200);
    assertThat(sockets).as("and a little of its own, as always").hasSize(1);
    page.clock().runFor(400);

    awaitSockets(2);
  }

  @Test
  void waits_double_up_to_half_a_minute_and_begin_anew_after_ten_stable_seconds() {
    page.evaluate(
        "() => { Math.random = () => 0.5; // in the middle of what it may be\n"
            + " realtime.on('state', ({ retryIn }) => retryIn && seen.push(['wait', retryIn])); }");
    List<Integer> waits = List.of(250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000);
    for (int i = 0; i < waits.size(); i++) {
      socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
      page.waitForFunction(
          "count => seen.filter(([name]) => name === 'wait').length === count", i + 1);
      page.clock().runFor(waits.get(i) + 50);
      awaitSockets(i + 2);
    }
    assertThat(seen("wait")).isEqualTo(waits);

    welcome("\"missed\":null,\"cursor\":\"c1\"");
    page.clock().runFor(10_000);
    socket().close(new WebSocketRoute.CloseOptions().setCode(4508));
    page.waitForFunction("() => realtime.state === 'waiting'");
    assertThat(page.evaluate("() => seen.at(-1)")).isEqualTo(List.of("wait", 250));
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
  void a_token_is_asked_for_once_at_a_time() {
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          window.asked = [];
          const other = new Realtime({ url: 'ws://realtime.test/ws',
            token: (why) => { asked.push(why); return new Promise((give) => { window.give = give; }); } });
          other.connect().catch(() => {});
          other.close();
          other.connect();
        }
        """);
    page.waitForFunction("() => window.give");
    page.evaluate("() => give('one')");
    awaitSockets(2);

    assertThat(socket().url()).endsWith("token=one");
    assertThat(page.evaluate("() => asked")).isEqualTo(List.of(Map.of("refused", false)));
  }

  @Test
  void a_user_who_may_not_have_a_token_any_more_ends_it() {
    page.evaluate(
        """
        async () => {
          const { Realtime, RealtimeError } = await import('/realtime.js');
          window.out = new Realtime({ url: 'ws://realtime.test/ws',
            token: () => { throw new RealtimeError('RT_UNAUTHORIZED', 'signed out'); } });
          out.connect().catch((e) => { window.why = e.message; });
        }
        """);

    page.waitForFunction("() => window.why && out.state === 'closed'");
    assertThat(page.evaluate("() => window.why")).asString().contains("signed out");
  }

  @Test
  void a_refused_token_is_replaced_by_one_that_is_asked_for_as_such() {
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          realtime.close();
          window.asked = [];
          window.realtime = new Realtime({ url: 'ws://realtime.test/ws',
            token: ({ refused }) => { asked.push(refused); return 'token'; } });
          realtime.connect();
        }
        """);
    awaitSockets(2);
    welcome("\"missed\":null,\"cursor\":\"c1\"");

    socket().close(new WebSocketRoute.CloseOptions().setCode(4401));
    page.waitForFunction("() => realtime.state === 'waiting'");
    page.clock().runFor(600);
    awaitSockets(3);

    assertThat(page.evaluate("() => asked")).isEqualTo(List.of(false, true));
  }
}
