package dev.realtime4j.integration.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Route;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The browser's client with shorter waits, as if made for a link that is as much faster: what it
 * does with them stays its own.
 */
final class FasterRealtimeJs {
  /** Milliseconds that are not an option of its constructor. */
  private static final List<String> WAITS =
      List.of("HANDSHAKE", "FIRST_SIGN", "RECHECK", "STABLE", "MAX_WAIT");

  /** Bytes a millisecond; how long a frame may take follows from it. */
  private static final String SLOWEST = "SLOWEST";

  private FasterRealtimeJs() {}

  /** Pages that are opened from now on have it. */
  static void in(BrowserContext browser, int times) {
    String script = script(times);
    browser.route("**/realtime.js", route -> serve(route, script));
  }

  /** The module only: a document that no server sent may open no socket to this machine. */
  private static void serve(Route route, String script) {
    if (route.request().resourceType().equals("script")) {
      route.fulfill(new Route.FulfillOptions().setContentType("text/javascript").setBody(script));
    } else {
      route.resume();
    }
  }

  private static String script(int times) {
    String script = ServedRealtimeJs.text();
    for (String wait : WAITS) {
      script = with(script, wait, number(script, wait) / times);
    }
    return with(script, SLOWEST, number(script, SLOWEST) * times);
  }

  private static long number(String script, String name) {
    Matcher line = line(name).matcher(script);
    if (!line.find()) {
      throw new AssertionError("realtime.js has no number " + name + " any more");
    }
    return Long.parseLong(line.group(2));
  }

  private static String with(String script, String name, long number) {
    return line(name).matcher(script).replaceFirst("$1" + number + ";");
  }

  private static Pattern line(String name) {
    return Pattern.compile("^(const " + name + " = )(\\d+);", Pattern.MULTILINE);
  }
}
