package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import dev.realtime4j.server.internal.session.handshake.AuthenticationExecutor;
import dev.realtime4j.server.internal.session.handshake.HandshakeAcceptor;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import dev.realtime4j.server.internal.session.limit.UserBudgets;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sockets of one node without a network, whose methods run on the calling thread: a test decides
 * what happens and when.
 */
public final class SimulatedSockets {
  private static final AtomicLong IDS = new AtomicLong();

  /** Heartbeats are due after days: nothing here waits for a real clock. */
  public static final ScheduledExecutorService TIMER = timer();

  private static final HeartbeatWheel WHEEL =
      new HeartbeatWheel(Duration.ofDays(10), Duration.ofDays(10), System::nanoTime);

  private final HandshakeAcceptor admission;

  /**
   * @param lifecycle told of sockets that come and go
   */
  public SimulatedSockets(
      ServerId server,
      InstantSource clock,
      MethodTable methods,
      SessionRegistry registry,
      LifecycleDispatcher lifecycle) {
    SessionContext context =
        new SessionContext(
            server,
            ServerEnvironment.system().withClock(clock),
            limits(),
            new SessionContext.Threads(Runnable::run, TIMER, WHEEL),
            new SessionContext.Features(methods, lifecycle),
            new SessionContext.Users(
                registry, new UserBudgets(limits(), System::nanoTime), user -> {}));
    admission =
        new HandshakeAcceptor(
            context,
            new AuthenticationExecutor(
                handshake -> Principal.of(UserId.of(handshake.token().orElseThrow())),
                Runnable::run,
                TIMER,
                Duration.ofDays(10),
                clock),
            user -> Duration.ZERO,
            () -> new SocketId("socket-" + IDS.incrementAndGet()));
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
        new SessionLimits.Heartbeats(never, never),
        new SessionLimits.Messages(any, any, any, any, any, 16 * any),
        new SessionLimits.Sockets(any, any, any, any),
        new SessionLimits.Handshakes(never, never, Set.of(), Set.of()));
  }

  /** A client of this user connects. */
  public SimulatedSocket connect(UserId user) {
    return connect(user, "/ws");
  }

  /** The same, by a path and query of its own. */
  public SimulatedSocket connect(UserId user, String target) {
    Handshake handshake =
        Handshake.of(
            target, Map.of("authorization", "Bearer " + user), InetAddress.getLoopbackAddress());
    SimulatedSocket socket = new SimulatedSocket();
    if (admission.decide(handshake).toCompletableFuture().join()
        instanceof HandshakeHandler.Accepted accepted) {
      socket.opened(accepted.session().apply(socket));
      return socket;
    }
    throw new AssertionError("the handshake was refused");
  }

  /** One lane, whose tasks run at once. */
  public static Lanes oneLane() {
    return new OneLane();
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
