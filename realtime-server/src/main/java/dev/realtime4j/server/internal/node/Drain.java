package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.environment.ServerThreads;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.handshake.HandshakeAcceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends all clients away, and tells each when to come back. */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  /** Lanes that have not ticked once in it are broken. */
  private static final Duration FLUSH = Duration.ofSeconds(1);

  private final NodeContext context;
  private final HandshakeAcceptor admission;
  private final Features features;

  Drain(NodeContext context, HandshakeAcceptor admission, Features features) {
    this.context = context;
    this.admission = admission;
    this.features = features;
  }

  /**
   * Refuses newcomers, lets out what was published so far, and closes all sockets.
   *
   * @param spread over how long the clients come back
   * @param wait how long to wait for the sockets to close
   */
  void run(Duration spread, Duration wait) {
    Duration backWithin = spread.isZero() ? Duration.ofSeconds(1) : spread;
    admission.drain(backWithin);
    features.forwards().forEach(feature -> feature.drain(backWithin));
    SessionRegistry sessions = context.sessions();
    try {
      threads().await(context.lanes().ticked(), FLUSH);
      drain(spread);
      if (!threads().await(sessions.emptied(), wait)) {
        log.warn("{} sockets did not close in {}; they are cut off", sessions.size(), wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerThreads threads() {
    return context.environment().threads();
  }

  private RandomGenerator random() {
    return context.environment().random();
  }

  private void drain(Duration spread) {
    List<Session> sessions = new ArrayList<>(context.sessions().all());
    Collections.shuffle(
        sessions, new Random(random().nextLong())); // who came together need not come back together
    for (int i = 0; i < sessions.size(); i++) {
      sessions.get(i).drain(turn(spread, i, sessions.size()));
    }
  }

  /**
   * When the client of this number is to come back: somewhere in a slice of the time that is its
   * own, so that no second gets more clients than another. Chance alone would send bursts.
   */
  private long turn(Duration spread, int number, int of) {
    double slice = (double) spread.toMillis() / of;
    return (long) ((number + random().nextDouble()) * slice);
  }
}
