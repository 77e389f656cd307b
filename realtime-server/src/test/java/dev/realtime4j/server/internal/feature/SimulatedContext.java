package dev.realtime4j.server.internal.feature;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/** What a node hands to its features, with everything done on the calling thread. */
public final class SimulatedContext {
  private SimulatedContext() {}

  /**
   * @param timer for what is due later
   */
  public static NodeContext of(
      ServerId id, NodeBus bus, InstantSource clock, ScheduledExecutorService timer) {
    Lanes lane = SimulatedSockets.oneLane();
    return new NodeContext(
        id,
        ServerEnvironment.system().withClock(clock),
        new NodeContext.Messaging(
            bus, new UserChannel(bus, lane), new Commands(bus, Runnable::run, System::nanoTime)),
        new SessionRegistry(),
        new NodeContext.Executors(Runnable::run, Runnable::run, timer, lane),
        new ProblemList(clock));
  }
}
