package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.NodeMembership;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.SimulatedContext;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The presence of one node as it is in a server, with the time and the ticks in the test's hands:
 * everything happens on the calling thread.
 */
public final class SimulatedNode {
  public static final Duration TTL = Duration.ofSeconds(40);
  public static final Duration GRACE = Duration.ofSeconds(10);

  /** In how many seconds all sockets are prolonged once. */
  public static final int REFRESH_TICKS = PresenceRefresh.SHARES;

  /** In seconds, as the server's schedule has it. */
  private static final int BEAT_EVERY = 10;

  private final PresenceFeature presence;
  private final NodeBus bus;
  private final NodeMembership membership;
  private final SimulatedSockets sockets;
  private int seconds;

  public SimulatedNode(String name, ClusterBackend cluster, InstantSource clock) {
    this(name, cluster, clock, TTL, GRACE);
  }

  /** With other times than the usual ones. */
  public SimulatedNode(
      String name, ClusterBackend cluster, InstantSource clock, Duration ttl, Duration grace) {
    ServerId id = new ServerId(name);
    bus = new NodeBus(id, cluster.bus(id), ServerEnvironment.system());
    NodeContext context = SimulatedContext.of(id, bus, clock, SimulatedSockets.TIMER);
    membership =
        new NodeMembership(
            cluster.servers(),
            id,
            context.environment(),
            NodeMembership.Times.of(ttl),
            context.commands(),
            context.problems());
    presence =
        new PresenceFeature(
            new PresenceFeature.Settings(ttl, ttl, grace, 1000, 1000, Duration.ZERO),
            cluster.presence(),
            PresencePolicy.everybody(),
            users -> Map.of(),
            context);
    membership.addListener(presence);
    MethodTable methods = new MethodTable();
    presence.register(methods);
    sockets =
        new SimulatedSockets(
            id,
            clock,
            methods,
            context.sessions(),
            new LifecycleDispatcher(List.of(presence), Runnable::run, context.nanoTime()));
    bus.start();
    membership.beat();
  }

  /** A client of this user connects. */
  public SimulatedSocket connect(UserId user) {
    return sockets.connect(user);
  }

  public Presences presence() {
    return presence.presences();
  }

  /** What the schedule does within a second. */
  public void second() {
    seconds++;
    if (seconds % BEAT_EVERY == 0) {
      membership.beat();
      membership.cleanUpDeadNodes();
    }
    presence.refresh();
    presence.reap();
  }

  /** Ends without a word. */
  public void kill() {
    bus.close();
  }
}
