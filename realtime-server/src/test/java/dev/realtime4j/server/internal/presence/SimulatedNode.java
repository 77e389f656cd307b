package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.api.transport.Acceptor;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.NodeLife;
import dev.realtime4j.server.internal.session.Admission;
import dev.realtime4j.server.internal.session.Bans;
import dev.realtime4j.server.internal.session.Lanes;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.SessionContext;
import dev.realtime4j.server.internal.session.SessionLimits;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The presence of one node as it is in a server, with the time and the ticks in the test's hands:
 * everything happens on the calling thread.
 */
final class SimulatedNode {
  static final Duration TTL = Duration.ofSeconds(40);
  static final Duration GRACE = Duration.ofSeconds(10);

  /** In seconds, as the server's schedule has it. */
  private static final int BEAT_EVERY = 10;

  private static final AtomicLong SOCKETS = new AtomicLong();

  /** Heartbeats are due after days: nothing here waits for a real clock. */
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  final ServerId id;
  final PresenceFeature presence;
  final SessionRegistry registry = new SessionRegistry();
  private final NodeBus bus;
  private final NodeLife life;
  private final Admission admission;
  private int seconds;

  SimulatedNode(String name, ClusterBackend cluster, InstantSource clock) {
    Executor direct = Runnable::run;
    id = new ServerId(name);
    bus = new NodeBus(cluster.bus(id));
    life = new NodeLife(cluster.servers(), id, clock, TTL);
    presence =
        new PresenceFeature(
            new PresenceFeature.Settings(TTL, GRACE, 1000),
            cluster.presence(),
            InMemoryConnectionLog.create(),
            id,
            bus,
            registry,
            clock,
            new OneLane(),
            direct);
    life.onForgotten(presence::writeAgain);
    MethodTable methods = new MethodTable();
    presence.register(methods);
    SessionContext context =
        new SessionContext(
            id, limits(), direct, TIMER, clock, methods, registry, List.of(presence), user -> {});
    admission =
        new Admission(
            context,
            handshake -> Principal.of(UserId.of(handshake.token().orElseThrow())),
            new Bans(clock),
            () -> new SocketId("socket-" + SOCKETS.incrementAndGet()));
    bus.start();
    life.tick();
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "simulated-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private static SessionLimits limits() {
    Duration never = Duration.ofDays(10);
    int any = 1_000_000;
    return new SessionLimits(
        never, never, any, any, any, any, 16 * any, never, never, Set.of(), Set.of());
  }

  /** A client of this user connects. */
  SimulatedSocket connect(UserId user) {
    Handshake handshake =
        Handshake.of(
            "/ws", Map.of("authorization", "Bearer " + user), InetAddress.getLoopbackAddress());
    SimulatedSocket socket = new SimulatedSocket();
    if (admission.decide(handshake).toCompletableFuture().join()
        instanceof Acceptor.Accepted accepted) {
      socket.opened(accepted.session().apply(socket));
      return socket;
    }
    throw new AssertionError("the handshake was refused");
  }

  Presences presences() {
    return presence.presences();
  }

  /** What the schedule does within a second. */
  void second() {
    seconds++;
    if (seconds % BEAT_EVERY == 0) {
      life.tick();
      life.buryTick();
    }
    presence.refreshTick();
    presence.reapTick();
  }

  /** Ends without a word. */
  void kill() {
    bus.close();
  }

  private record OneLane() implements Lanes {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public void afterWrites(int lane, Runnable task) {
      task.run();
    }
  }
}
