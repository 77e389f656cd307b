package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.WebSocketRoute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The browser's client on slow links, with a clock that is wrong, and with damaged things. */
class RealtimeJsSlowTest extends RealtimeJsScript {
  private long signs() {
    return received.stream().filter("{}"::equals).count();
  }

  private String state() {
    return String.valueOf(page.evaluate("() => realtime.state"));
  }

  @Test
  void a_welcome_may_take_the_time_of_a_frame_and_the_page_says_meanwhile_that_it_lives() {
    page.clock().runFor(41_000);
    page.waitForCondition(() -> signs() >= 7);
    assertThat(state()).isEqualTo("connecting");

    welcome("\"missed\":null,\"cursor\":\"c1\"");
    assertThat(sockets).hasSize(1);
  }

  @Test
  void a_welcome_that_does_not_come_is_not_waited_for_without_end() {
    page.clock().runFor(43_000);
    awaitSeen("state", "waiting");
  }

  @Test
  void while_missed_ones_are_on_their_way_silence_may_last_for_a_frame_longer() {
    welcome("\"missed\":2,\"cursor\":\"c1\"");
    page.clock().runFor(1_000);
    received.clear();

    page.clock().runFor(60_000);

    page.waitForCondition(() -> signs() >= 6);
    assertThat(signs()).as("within each 10 s").isBetween(6L, 13L);
    assertThat(state()).isEqualTo("connected");
    page.clock().runFor(8_000);
    awaitSeen("state", "waiting");
  }

  @Test
  void a_quiet_socket_says_nothing_but_its_answers() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    page.clock().runFor(10_000);
    push("{\"id\":1,\"result\":{\"notifications\":[],\"next_cursor\":null}}");
    page.clock().runFor(10_000);
    push("{}");
    page.waitForCondition(() -> signs() == 3); // two of its own, after 5 s each
    received.clear();
    for (int i = 1; i <= 5; i++) {
      page.clock().runFor(25_000);
      push("{}");
      int count = i;
      page.waitForCondition(() -> signs() == count);
    }
    page.clock().runFor(20_000);
    assertThat(signs()).isEqualTo(5);
  }

  @Test
  void a_large_call_has_the_time_that_it_and_a_large_answer_need_on_a_slow_link() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    page.evaluate(
        "() => { realtime.call('echo', 'x'.repeat(60000)).catch((e) => { window.late = e.code; }); }");
    for (int i = 0; i < 14; i++) {
      page.clock().runFor(5_000);
      push("{}");
    }
    assertThat(page.evaluate("() => window.late ?? null")).isNull();

    page.clock().runFor(6_000);

    page.waitForFunction("() => window.late === 'RT_UNAVAILABLE'");
  }

  @Test
  void a_list_whose_pages_do_not_arrive_in_time_is_read_in_shorter_ones() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    push(
        "{\"event\":\"notification.resync\",\"data\":{\"cursor\":\"c2\",\"unread\":null,\"from\":\"a\"}}");
    awaitReceived("\"limit\":100");
    for (int limit : List.of(50, 25, 12, 6, 5, 5)) {
      received.clear();
      for (int i = 0; i < 9; i++) {
        page.clock().runFor(5_000);
        push("{}");
      }
      awaitReceived("\"limit\":" + limit + "}");
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "299000", "-3600000", "86400000"})
  void with_the_servers_time_the_clock_of_the_device_does_not_matter(int wrongBy) {
    page.evaluate(
        "wrongBy => { const now = Date.now; Date.now = () => now() + wrongBy; }", wrongBy);
    welcome(
        "\"missed\":null,\"cursor\":\"c1\",\"token_expires_at\":\"2026-03-01T12:05:00.000Z\","
            + "\"server_time\":\"2026-03-01T12:00:00.000Z\"");
    int answered = 0;
    for (int i = 0; i < 60; i++) {
      page.clock().runFor(20_000);
      push("{}");
      List<String> asked =
          List.copyOf(received).stream().filter(one -> one.contains("auth.refresh")).toList();
      if (asked.size() > answered) {
        answered = asked.size();
        push(
            "{\"id\":%s,\"result\":{\"token_expires_at\":\"2026-03-01T12:05:00.000Z\",\"server_time\":\"2026-03-01T12:00:00.000Z\"}}"
                .formatted(asked.get(answered - 1).replaceAll("\\D*(\\d+),.*", "$1")));
      }
    }
    assertThat(answered).as("in 20 minutes, with tokens of 5").isBetween(4, 5);
  }

  @Test
  void a_server_that_tells_no_time_is_not_asked_in_a_storm_either() {
    welcome("\"missed\":null,\"cursor\":\"c1\",\"token_expires_at\":" + inASecond());
    int answered = 0;
    for (int i = 0; i < 600; i++) {
      page.clock().runFor(1_000);
      if (i % 20 == 0) {
        push("{}");
      }
      List<String> asked =
          List.copyOf(received).stream().filter(one -> one.contains("auth.refresh")).toList();
      if (asked.size() > answered) {
        answered = asked.size();
        push(
            "{\"id\":%s,\"result\":{\"token_expires_at\":%s}}"
                .formatted(asked.get(answered - 1).replaceAll("\\D*(\\d+),.*", "$1"), inASecond()));
      }
    }
    assertThat(answered).as("in ten minutes").isBetween(5, 12);
  }

  /** What a server's token of five minutes looks like where the clock is ahead by 299 s. */
  private String inASecond() {
    return String.valueOf(
        page.evaluate("() => JSON.stringify(new Date(Date.now() + 1000).toISOString())"));
  }

  @Test
  void a_damaged_cursor_is_told_and_is_no_first_start() {
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    page.onConsoleMessage((ConsoleMessage message) -> said.add(message.text()));
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          realtime.close();
          window.realtime = new Realtime({ url: 'ws://realtime.test/ws', token: 'token', cursor: 'c1 \\u0000' });
          realtime.on('notification.new', ({ id }) => seen.push(['notification.new', id]));
          realtime.connect();
        }
        """);
    awaitSockets(2);
    assertThat(socket().url()).contains("since=lost");
    page.waitForCondition(() -> said.stream().anyMatch(text -> text.contains("damaged")));
    welcome("\"missed\":0,\"cursor\":\"c2\"");
    push(
        "{\"event\":\"notification.resync\",\"data\":{\"cursor\":\"c2\",\"unread\":null,\"from\":null}}");
    awaitReceived("notification.list");
    push(
        "{\"id\":1,\"result\":{\"notifications\":[{\"id\":\"b\",\"read_at\":null},{\"id\":\"a\",\"read_at\":null}],\"next_cursor\":null}}");

    awaitSeen("notification.new", "b");
    assertThat(seen("notification.new")).isEqualTo(List.of("a", "b"));
  }

  @Test
  void a_token_that_is_none_is_refused_with_the_reason_and_never_quoted() {
    assertThat(
            page.evaluate(
                """
                async () => {
                  const { Realtime } = await import('/realtime.js');
                  try { new Realtime({ url: 'ws://realtime.test/ws', token: 'hush-hush\\n' }); return 'taken'; }
                  catch (error) { return error.message; }
                }
                """))
        .asString()
        .contains("a line break as character 10 of 10")
        .doesNotContain("hush");
    page.evaluate(
        """
        async () => {
          const { Realtime } = await import('/realtime.js');
          const other = new Realtime({ url: 'ws://realtime.test/ws', token: () => 'hush hush', tokenIn: 'protocol' });
          other.on('state', ({ reason }) => { window.why = reason; });
          other.connect();
        }
        """);
    page.waitForFunction("() => window.why?.includes('a space as character 5 of 9')");
    assertThat(sockets).hasSize(1);
  }

  @Test
  void a_close_without_a_code_is_the_network() {
    welcome("\"missed\":null,\"cursor\":\"c1\"");
    socket().close(new WebSocketRoute.CloseOptions());
    awaitSeen("state", "waiting");
    page.clock().runFor(600);
    awaitSockets(2);
  }
}
