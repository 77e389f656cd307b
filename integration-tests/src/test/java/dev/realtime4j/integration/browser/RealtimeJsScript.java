package dev.realtime4j.integration.browser;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import dev.realtime4j.fixtures.Chromium;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * The browser's client against a server that says exactly what a test wants, on the page's clock.
 */
@Tag("chromium")
@SuppressWarnings("NullAway.Init")
abstract class RealtimeJsScript {
  private static Chromium chromium;

  final List<WebSocketRoute> sockets = new ArrayList<>();
  final List<String> received = new ArrayList<>();
  Page page;

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
    page.navigate(ServedRealtimeJs.ADDRESS);
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

  WebSocketRoute socket() {
    return sockets.get(sockets.size() - 1);
  }

  void awaitSockets(int count) {
    page.waitForCondition(() -> sockets.size() == count);
  }

  void welcome(String missedAndCursor) {
    greet(missedAndCursor);
    page.waitForFunction("() => realtime.state === 'connected'");
  }

  void greet(String missedAndCursor) {
    socket()
        .send(
            """
            {"event":"connected","data":{"server_id":"node-a","user_id":"me","heartbeat_interval_ms":25000,\
            "heartbeat_timeout_ms":10000,"token_expires_at":null,"unread":{"count":2,"capped":false},%s}}"""
                .formatted(missedAndCursor));
  }

  /** Answers what was sent with an id, in that order, and is connected then. */
  void restore(int calls, int firstId) {
    for (int id = firstId; id < firstId + calls; id++) {
      awaitReceived("{\"id\":" + id + ",");
      push("{\"id\":" + id + ",\"result\":{\"presences\":[]}}");
    }
    page.waitForFunction("() => realtime.state === 'connected'");
  }

  void push(String... messages) {
    socket().send(String.join("\n", messages));
  }

  static String notification(String id) {
    return "{\"event\":\"notification.new\",\"data\":{\"id\":\"" + id + "\",\"read_at\":null}}";
  }

  Object seen(String event) {
    return page.evaluate(
        "event => seen.filter(([name]) => name === event).map(([, what]) => what)", event);
  }

  void awaitSeen(String event, Object what) {
    page.waitForFunction(
        "([event, what]) => seen.some(([name, one]) => name === event && JSON.stringify(one) === JSON.stringify(what))",
        List.of(event, what));
  }

  void awaitReceived(String text) {
    page.waitForCondition(() -> received.stream().anyMatch(one -> one.contains(text)));
  }
}
