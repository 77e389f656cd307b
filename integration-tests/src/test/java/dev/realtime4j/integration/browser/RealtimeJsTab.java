package dev.realtime4j.integration.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** A tab with the browser's client in it, and a log of what its page was told. */
final class RealtimeJsTab {
  private final Page page;

  private RealtimeJsTab(Page page) {
    this.page = page;
  }

  /**
   * Not connected yet. Its waits are the shortest that it may choose: other tests are about those.
   */
  static RealtimeJsTab open(BrowserContext browser, int port, String token) {
    Page page = browser.newPage();
    page.setDefaultTimeout(60_000);
    page.navigate(ServedRealtimeJs.ADDRESS);
    page.evaluate(
        """
        async ([port, token]) => {
          const { Realtime } = await import('/realtime.js');
          Math.random = () => 0;
          Object.assign(window, { log: [], shown: [], unread: null, tokens: 0, tokensLost: false });
          window.realtime = new Realtime({
            url: `ws://127.0.0.1:${port}/ws`,
            token: async () => {
              if (tokensLost) throw new Error('the login is away');
              tokens++;
              return token;
            },
          });
          realtime.on('state', ({ state, code, reason }) => log.push(state === 'waiting' ? `waiting ${code} ${reason}` : state));
          realtime.on('notification.new', ({ id }) => shown.push(id));
          realtime.on('unread', ({ count }) => { unread = count; });
          realtime.on('notification.resync', () => log.push('resync'));
          realtime.on('joined', ({ room }) => log.push(`joined ${room}`));
          realtime.on('presence.changed', ({ user_id, status }) => log.push(`presence ${user_id} ${status}`));
          realtime.on('said', (text, room) => log.push(`said ${text} in ${room}`));
        }
        """,
        List.of(port, token));
    return new RealtimeJsTab(page);
  }

  void connect() {
    page.evaluate("() => { realtime.connect(); }");
    awaitState("connected");
  }

  /** Runs a function of the client, without waiting for what it promises. */
  void run(String function, Object... arguments) {
    page.evaluate("list => { (" + function + ")(realtime, ...list); }", List.of(arguments));
  }

  void loseTokens(boolean lose) {
    page.evaluate("lose => { tokensLost = lose; }", lose);
  }

  void clearLog() {
    page.evaluate("() => { log.length = 0; }");
  }

  void awaitState(String state) {
    page.waitForFunction("state => realtime.state === state", state);
  }

  void awaitShown(String id) {
    page.waitForFunction("id => shown.includes(id)", id);
  }

  void awaitUnread(int count) {
    page.waitForFunction("count => unread === count", count);
  }

  void awaitLog(String line) {
    page.waitForFunction("line => log.includes(line)", line);
  }

  void awaitTokens(int count) {
    page.waitForFunction("count => tokens >= count", count);
  }

  List<String> shown() {
    return strings("() => shown");
  }

  List<String> log() {
    return strings("() => log");
  }

  /** How often it came into this state. */
  int changes(String state) {
    return (int) log().stream().filter(line -> line.split(" ", 2)[0].equals(state)).count();
  }

  private List<String> strings(String expression) {
    List<String> strings = new ArrayList<>();
    ((List<?>) page.evaluate(expression)).forEach(one -> strings.add(String.valueOf(one)));
    return strings;
  }
}
