package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.server.internal.ban.BanFeature;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.NodeMembership;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.Duration;
import java.util.Map;

/**
 * A node: its features, and what they stand on.
 *
 * <p>Thread safety: any thread; {@link #start}, {@link #drain} and {@link #stop} are called by one,
 * in this order.
 */
public final class Node {
  private final NodeConfig config;
  private final NodeThreads threads;
  private final ProblemList problems;
  private final NodeBus bus;
  private final NodeContext context;
  private final NodeMembership membership;
  private final Features features;
  private final StoreUpkeep stores;
  private final Gateway gateway;

  /**
   * @throws IllegalArgumentException when a method of the application has the name of another
   */
  public Node(NodeConfig config) {
    this.config = config;
    this.threads = new NodeThreads(config.settings().threads(), environment().threads());
    this.problems = new ProblemList(environment().clock());
    this.bus = new NodeBus(config.id(), config.stores().cluster().bus(config.id()), environment());
    this.context = context();
    this.membership =
        new NodeMembership(
            config.stores().cluster().servers(),
            config.id(),
            environment(),
            NodeMembership.Times.of(config.settings().nodeTtl()),
            context.commands(),
            problems);
    this.features = new Features(config, context);
    features.backwards().forEach(membership::addListener);
    this.stores =
        new StoreUpkeep(
            features.durableStores(), config.stores().checkEvery(), problems, environment());
    this.gateway = new Gateway(config, context, features, threads.authentications());
  }

  private NodeContext context() {
    Lanes lanes = new TransportLanes(transport());
    return new NodeContext(
        config.id(),
        environment(),
        new NodeContext.Messaging(
            bus,
            new UserChannel(bus, lanes),
            new Commands(bus, threads.workers(), environment().nanoTime())),
        new SessionRegistry(),
        new NodeContext.Executors(threads.workers(), threads.listeners(), threads.timer(), lanes),
        problems);
  }

  private ServerEnvironment environment() {
    return config.environment();
  }

  private Transport transport() {
    return config.sockets().transport();
  }

  /**
   * Opens the port and serves.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the port cannot be
   *     opened; {@code BAD_REQUEST} when a node of the same id is running
   */
  public void start() {
    bus.start();
    context.commands().start();
    membership.join(config.settings().nodeTtl().dividedBy(2));
    features.forwards().forEach(Feature::start);
    transport().start(config.sockets().limits(), gateway.admission());
    stores.begin(threads.storeThreads());
    schedule();
  }

  private void schedule() {
    Duration beat = config.settings().nodeTtl().dividedBy(4);
    threads.every(beat, "The sign of life", membership::beat);
    threads.every(beat, "Cleaning up after dead nodes", membership::cleanUpDeadNodes);
    features
        .forwards()
        .forEach(
            feature ->
                feature.schedule(feature.durableStore() == null ? threads : threads.ofStores()));
    WorkerWatch watch =
        new WorkerWatch(
            threads.workers(), config.settings().threads().workers(), context.nanoTime());
    threads.every(Duration.ofSeconds(1), "Watching the workers", watch::tick);
    stores.schedule(threads.ofStores());
  }

  /**
   * Sends all clients away, and tells each when to come back.
   *
   * @param spread over how long they come back
   * @param wait how long to wait for their sockets to close
   */
  public void drain(Duration spread, Duration wait) {
    new Drain(context, gateway.admission(), features).run(spread, wait);
  }

  /** Ends everything, writing what is queued. The sockets should be gone by now. */
  public void stop() {
    transport().close();
    awaitClosedSessions();
    threads.stopTicks();
    features.close();
    NodeThreads.guarded("Leaving the cluster", this::leave);
    bus.close();
    threads.close();
  }

  private void awaitClosedSessions() {
    try {
      environment().threads().await(context.sessions().emptied(), Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Leaves the cluster with nothing left behind, or leaves it to the other nodes. What another node
   * with the same id holds stays.
   */
  private void leave() {
    if (membership.isKnown() && !membership.isDuplicate() && features.leave()) {
      membership.leave();
    } else {
      membership.abandon();
    }
  }

  /** The TCP port. */
  public int port() {
    return transport().port();
  }

  /** How it is, from memory. */
  public NodeHealth health() {
    Map<String, Boolean> components = features.components();
    components.merge(
        Components.CLUSTER, bus.isConnected() && membership.isKnown(), Boolean::logicalAnd);
    stores.answering().forEach((name, up) -> components.merge(name, up, Boolean::logicalAnd));
    components.keySet().retainAll(config.stores().given());
    return new NodeHealth(stores.readiness(), components, problems.current());
  }

  /** What it has counted, from memory. */
  public NodeStatistics statistics() {
    return new NodeStatistics(
        new NodeStatistics.Sockets(
            context.sessions().size(), transport().halfOpenCount(), transport().turnedAway()),
        gateway.methodFailures(),
        problems.current().size(),
        new NodeStatistics.Upkeep(stores.partitionsAhead(), stores.failing()),
        features.metrics());
  }

  /** Durable notifications. */
  public Notifications notifications() {
    return features.notifications().notifications();
  }

  /** Who is online. */
  public Presences presences() {
    return features.presence().presences();
  }

  /** Who may see whom. */
  public PresencePolicy presencePolicy() {
    return features.presence().policy();
  }

  /** Live rooms. */
  public Rooms rooms() {
    return features.rooms().rooms();
  }

  /** Bans and disconnects. */
  public BanFeature bans() {
    return features.bans();
  }

  /**
   * Sends a live event to a room or a user.
   *
   * @return how many sockets it is for
   */
  public int broadcast(RoomName channel, String event, Json data) {
    if (channel.isUserRoom()) {
      UserId user = channel.user();
      rooms().publishToUser(user, event, data);
      return features.presence().socketCount(user);
    }
    rooms().publish(channel, event, data);
    return features.rooms().socketCount(channel);
  }
}
