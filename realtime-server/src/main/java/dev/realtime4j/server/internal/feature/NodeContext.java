package dev.realtime4j.server.internal.feature;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.Problems;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What a node hands to each of its features.
 *
 * <p>Thread safety: immutable; what it holds is for any thread.
 *
 * @param id the node
 * @param environment its time, threads and chance
 * @param messaging how it reaches the other nodes
 * @param sessions the sockets that are open here
 * @param executors its threads
 * @param problems told what is wrong and lasts
 */
public record NodeContext(
    ServerId id,
    ServerEnvironment environment,
    Messaging messaging,
    SessionRegistry sessions,
    Executors executors,
    Problems problems) {
  /**
   * How a node reaches the others, and the sockets of a user wherever they are.
   *
   * @param bus carries messages to the nodes that listen to a channel
   * @param users carries events to all sockets of a user
   * @param commands tells all nodes to do something
   */
  public record Messaging(NodeBus bus, UserChannel users, Commands commands) {}

  /**
   * The threads of a node.
   *
   * @param workers run what may block
   * @param listeners run the application's listeners, and nothing else
   * @param timer runs what is short and due later
   * @param lanes write the sockets
   */
  public record Executors(
      Executor workers, Executor listeners, ScheduledExecutorService timer, Lanes lanes) {}

  /** The wall clock. */
  public InstantSource clock() {
    return environment.clock();
  }

  /** The monotonic clock. */
  public LongSupplier nanoTime() {
    return environment.nanoTime();
  }

  /** See {@link Messaging}. */
  public NodeBus bus() {
    return messaging.bus;
  }

  /** See {@link Messaging}. */
  public UserChannel users() {
    return messaging.users;
  }

  /** See {@link Messaging}. */
  public Commands commands() {
    return messaging.commands;
  }

  /** See {@link Executors}. */
  public Executor workers() {
    return executors.workers;
  }

  /** See {@link Executors}. */
  public Executor listeners() {
    return executors.listeners;
  }

  /** See {@link Executors}. */
  public ScheduledExecutorService timer() {
    return executors.timer;
  }

  /** See {@link Executors}. */
  public Lanes lanes() {
    return executors.lanes;
  }
}
