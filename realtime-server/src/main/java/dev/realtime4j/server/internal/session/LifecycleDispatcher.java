package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.internal.PrintableFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the features of a node when sockets open and close. Sockets that open at the same time are
 * opened together: when all clients of another node come at once, the stores are asked once for
 * many of them, and the more come, the less each one costs. A socket that opens alone waits for
 * nobody.
 *
 * <p>Thread safety: any thread.
 */
public final class LifecycleDispatcher {
  private static final Logger log = LoggerFactory.getLogger(LifecycleDispatcher.class);

  /** What one answer of the stores may have to hold is bounded for each socket. */
  private static final int TOGETHER = 32;

  /** So many such groups are under way, and the others wait to be joined with more. */
  private static final int GROUPS = 4;

  /** When none of them gets on for so long, another one begins: they wait for a store. */
  private static final long STUCK_NANOS = 1_000_000_000L;

  private final List<SessionLifecycle> features;
  private final Executor workers;
  private final ArrayDeque<Session> waiting = new ArrayDeque<>();
  private int groups;
  private final LongSupplier nanos;
  private long lastBegun;

  /**
   * @param features in the order in which they are called
   * @param workers runs what may block
   * @param nanos the monotonic clock
   */
  public LifecycleDispatcher(
      List<SessionLifecycle> features, Executor workers, LongSupplier nanos) {
    this.features = List.copyOf(features);
    this.workers = workers;
    this.nanos = nanos;
  }

  /** A socket opened; {@link Session#sendWelcome} follows when all features have been called. */
  void opened(Session session) {
    synchronized (this) {
      waiting.addLast(session);
      if (groups >= GROUPS && nanos.getAsLong() - lastBegun < STUCK_NANOS) {
        return;
      }
      lastBegun = nanos.getAsLong();
      groups++;
    }
    workers.execute(this::openGroup);
  }

  private void openGroup() {
    List<Session> sessions = next();
    if (sessions.isEmpty()) {
      return;
    }
    try {
      List<OpeningSession> arrivals =
          sessions.stream().map(session -> new OpeningSession(session, session.welcome())).toList();
      features.forEach(feature -> open(feature, arrivals));
      arrivals.forEach(LifecycleDispatcher::sendWelcome);
    } catch (Throwable e) {
      log.error(
          "{} sockets could not be opened and are closed", sessions.size(), PrintableFailure.of(e));
      sessions.forEach(Session::giveUp);
    } finally {
      workers.execute(this::openGroup);
    }
  }

  private synchronized List<Session> next() {
    lastBegun = nanos.getAsLong();
    List<Session> sessions = new ArrayList<>();
    while (sessions.size() < TOGETHER && !waiting.isEmpty()) {
      sessions.add(waiting.removeFirst());
    }
    if (sessions.isEmpty()) {
      groups--;
    }
    return sessions;
  }

  private static void open(SessionLifecycle feature, List<OpeningSession> arrivals) {
    try {
      feature.opening(arrivals);
    } catch (Throwable e) {
      log.error(
          "{} failed to open {} sockets", name(feature), arrivals.size(), PrintableFailure.of(e));
    }
  }

  static void openOne(SessionLifecycle feature, OpeningSession arrival) {
    try {
      feature.opening(arrival.session(), arrival.welcome());
    } catch (Throwable e) {
      log.error(
          "{} failed to open socket {}",
          name(feature),
          arrival.session().id(),
          PrintableFailure.of(e));
    }
  }

  private static void sendWelcome(OpeningSession arrival) {
    try {
      arrival.session().sendWelcome(arrival.welcome());
    } catch (Throwable e) {
      log.error("Socket {} could not be welcomed", arrival.session().id(), PrintableFailure.of(e));
    }
  }

  /** A socket is gone. In its serial order, on a worker. */
  void closed(Session session, int code, String reason) {
    for (SessionLifecycle feature : features) {
      try {
        feature.closed(session, code, reason);
      } catch (Throwable e) {
        log.error(
            "{} failed to close socket {}", name(feature), session.id(), PrintableFailure.of(e));
      }
    }
  }

  private static String name(SessionLifecycle feature) {
    return feature.getClass().getSimpleName();
  }
}
