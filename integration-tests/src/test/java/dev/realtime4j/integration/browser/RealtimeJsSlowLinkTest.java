package dev.realtime4j.integration.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.fixtures.Chromium;
import dev.realtime4j.fixtures.SlowLink;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The browser's client on links of 2 and 4 kB a second. All waits and the links are eight times as
 * fast as they are by default; with {@code -Dslow.times=1} as they are.
 */
@Tag("chromium")
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class RealtimeJsSlowLinkTest {
  private static final int TIMES = Integer.getInteger("slow.times", 8);
  private static final int BYTES_PER_SECOND = 4_000 * TIMES;
  private static final int SLOWEST_BYTES_PER_SECOND = 2_000 * TIMES;
  private static final int MISSED = 200;

  private static Duration byDefault(int seconds) {
    return Duration.ofMillis(1_000L * seconds / TIMES);
  }

  @Test
  void two_hundred_missed_ones_arrive_once_each_and_a_large_call_is_answered() throws Exception {
    UserId user = new UserId(UUID.randomUUID());
    try (RealtimeServer server =
            RealtimeServer.builder()
                .port(0)
                .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
                .heartbeatInterval(byDefault(25))
                .heartbeatTimeout(byDefault(10))
                .handler("measure", RealtimeJsSlowLinkTest::length)
                .drainTime(Duration.ZERO)
                .build()
                .start();
        SlowLink link = new SlowLink(server.port(), BYTES_PER_SECOND);
        Chromium chromium = new Chromium()) {
      BrowserContext browser = chromium.browser().newContext();
      FasterRealtimeJs.in(browser, TIMES);
      Page page = browser.newPage();
      page.setDefaultTimeout(150_000);
      page.navigate(ServedRealtimeJs.ADDRESS);
      page.evaluate(
          """
          async ([port, token]) => {
            const { Realtime } = await import('/realtime.js');
            const before = new Realtime({ url: `ws://127.0.0.1:${port}/ws`, token });
            await before.connect();
            before.close();
            window.cursor = before.cursor;
          }
          """,
          List.of(server.port(), user.toString()));
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < MISSED; i++) {
        sent.add("n" + i);
        server
            .notifications()
            .send(NewNotification.to(user).title("n" + i).body("x".repeat(1_000)).build());
      }
      page.evaluate(
          """
          async ([port, token, callTimeout]) => {
            const { Realtime } = await import('/realtime.js');
            Object.assign(window, { heard: [], states: [], measured: null });
            window.slow = new Realtime({ url: `ws://127.0.0.1:${port}/ws`, token, cursor, callTimeout });
            slow.on('notification.new', ({ title }) => heard.push(title));
            slow.on('state', ({ state }) => states.push(state));
            slow.connect();
          }
          """,
          List.of(link.port(), user.toString(), (int) byDefault(10).toMillis()));
      page.waitForFunction("count => heard.length >= count", MISSED);
      page.evaluate(
          "() => { slow.call('measure', { text: 'x'.repeat(60000) }).then(({ length }) => { measured = length; }); }");
      page.waitForFunction("() => measured === 60000");

      assertThat(page.evaluate("() => heard")).isEqualTo(sent);
      assertThat(page.evaluate("() => states")).isEqualTo(List.of("connecting", "connected"));
      assertThat(link.accepted()).as("the first connection held").isEqualTo(1);
    }
  }

  /** Answers that take longer to arrive than a call is waited for on a link that is not slow. */
  @Test
  void long_answers_arrive_over_the_slowest_link_and_are_asked_for_once() throws Exception {
    try (RealtimeServer server =
            RealtimeServer.builder()
                .port(0)
                .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
                .heartbeatInterval(byDefault(25))
                .heartbeatTimeout(byDefault(10))
                .handler("write", call -> Json.object("text", "x".repeat(60_000)))
                .drainTime(Duration.ZERO)
                .build()
                .start();
        SlowLink link = new SlowLink(server.port(), SLOWEST_BYTES_PER_SECOND);
        Chromium chromium = new Chromium()) {
      BrowserContext browser = chromium.browser().newContext();
      FasterRealtimeJs.in(browser, TIMES);
      Page page = browser.newPage();
      page.setDefaultTimeout(120_000);
      page.navigate(ServedRealtimeJs.ADDRESS);
      page.evaluate(
          """
          async ([port, token, callTimeout]) => {
            const { Realtime } = await import('/realtime.js');
            Object.assign(window, { states: [], asked: 0, written: null });
            window.slow = new Realtime({ url: `ws://127.0.0.1:${port}/ws`, token, callTimeout });
            slow.on('state', ({ state }) => states.push(state));
            slow.on('frame', ({ direction, text }) => {
              if (direction === 'out' && text.includes('presence.watch')) asked++;
            });
            slow.watch(Array.from({ length: 600 }, () => crypto.randomUUID()));
            slow.connect();
          }
          """,
          List.of(link.port(), UUID.randomUUID().toString(), (int) byDefault(10).toMillis()));
      page.waitForFunction("() => states.includes('connected')");
      page.evaluate(
          "() => { slow.call('write').then(({ text }) => { written = text.length; }, (error) => { written = error.message; }); }");
      page.waitForFunction("() => written !== null");

      assertThat(page.evaluate("() => written")).isEqualTo(60_000);
      assertThat(page.evaluate("() => asked")).as("two hundred at a time, each once").isEqualTo(3);
      assertThat(page.evaluate("() => states")).isEqualTo(List.of("connecting", "connected"));
      assertThat(link.accepted()).isEqualTo(1);
    }
  }

  private static Json length(MethodCall call) {
    String text = call.params().fields().getOrDefault("text", Json.NULL).asString();
    return Json.object("length", text.length());
  }
}
