package dev.realtime4j.server.http;

import dev.realtime4j.api.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each user may make one kind of call: so many in the minute that begins with the first
 * of them (a fixed window, anchored at the user's own first call). Like a token bucket it lets at
 * most twice the limit through in the worst minute, and unlike one it is exact for a burst: the
 * call after the last allowed one is refused, however fast or slow the others were.
 *
 * <p>Memory: one small entry for each user who called in the last minute, at most {@value
 * #MAX_USERS}. Overflow policy: <em>forget the oldest</em>; its user begins a new minute early.
 *
 * <p>Thread safety: any thread; one short lock for each kind of call.
 */
final class CallBudget {
  static final int MAX_USERS = 50_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int perMinute;
  private final InstantSource clock;
  private final int maxUsers;

  /** In the order in which the windows began, which is the order in which they end. */
  private final Map<UserId, Window> windows = new LinkedHashMap<>();

  CallBudget(int perMinute, InstantSource clock) {
    this(perMinute, clock, MAX_USERS);
  }

  CallBudget(int perMinute, InstantSource clock, int maxUsers) {
    this.perMinute = perMinute;
    this.clock = clock;
    this.maxUsers = maxUsers;
  }

  /** What became of a call. */
  enum Outcome {
    ALLOWED,
    REFUSED
  }

  /**
   * A call, counted.
   *
   * @param outcome whether it may go on
   * @param limit how many calls a minute has
   * @param remaining how many are left of it
   * @param reset until the user's next minute may begin
   */
  record Verdict(Outcome outcome, int limit, int remaining, Duration reset) {
    /**
     * The fields of the IETF's draft-ietf-httpapi-ratelimit-headers, version 10.
     *
     * @param policy the name of this budget; no quotes in it
     */
    Map<String, String> headers(String policy) {
      String quoted = '"' + policy + '"';
      return Map.of(
          "RateLimit-Policy", quoted + ";q=" + limit + ";w=" + WINDOW.toSeconds(),
          "RateLimit", quoted + ";r=" + remaining + ";t=" + Problem.wholeSeconds(reset));
    }
  }

  private static final class Window {
    private final Instant start;
    private int used;

    Window(Instant start) {
      this.start = start;
    }

    /** A clock that went back ends the window too: nobody waits for an hour that was corrected. */
    boolean isOver(Instant now) {
      return now.isBefore(start) || !now.isBefore(start.plus(WINDOW));
    }
  }

  synchronized Verdict take(UserId user) {
    Instant now = clock.instant();
    Window window = windows.get(user);
    if (window == null || window.isOver(now)) {
      windows.remove(user);
      makeRoom(now);
      window = new Window(now);
      windows.put(user, window);
    }
    Duration reset = Duration.between(now, window.start.plus(WINDOW));
    if (window.used >= perMinute) {
      return new Verdict(Outcome.REFUSED, perMinute, 0, reset);
    }
    window.used++;
    return new Verdict(Outcome.ALLOWED, perMinute, perMinute - window.used, reset);
  }

  synchronized int users() {
    return windows.size();
  }

  private void makeRoom(Instant now) {
    Iterator<Window> oldestFirst = windows.values().iterator();
    while (oldestFirst.hasNext()) {
      boolean over = oldestFirst.next().isOver(now);
      if (!over && windows.size() < maxUsers) {
        return;
      }
      oldestFirst.remove();
    }
  }
}
