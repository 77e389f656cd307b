package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import dev.realtime4j.server.internal.session.limit.UserBudgets;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all sessions of a node share.
 *
 * <p>Thread safety: immutable; what it holds is for any thread.
 *
 * @param server the node
 * @param environment its time, threads and chance
 * @param limits what they may do
 * @param threads run what they do
 * @param features what the features of the node do for them
 * @param users who has a socket, and what they may still send
 */
public record SessionContext(
    ServerId server,
    ServerEnvironment environment,
    SessionLimits limits,
    Threads threads,
    Features features,
    Users users) {
  /**
   * What runs when.
   *
   * @param workers run everything that may block
   * @param timer runs what is short and due later
   * @param wheel when heartbeats are due
   */
  public record Threads(Executor workers, ScheduledExecutorService timer, HeartbeatWheel wheel) {}

  /**
   * What the features of the node do for sessions.
   *
   * @param methods what clients may call
   * @param lifecycle told of opening and closing
   */
  public record Features(MethodTable methods, LifecycleDispatcher lifecycle) {}

  /**
   * Who has a socket, and what they may still send.
   *
   * @param registry the open sockets
   * @param budgets what users may send
   * @param flooded told of a user whose socket kept on above its message limit
   */
  public record Users(SessionRegistry registry, UserBudgets budgets, Consumer<UserId> flooded) {}

  /** The wall clock. */
  public InstantSource clock() {
    return environment.clock();
  }

  /** The monotonic clock. */
  public LongSupplier nanoTime() {
    return environment.nanoTime();
  }

  /** Chance. */
  public RandomGenerator random() {
    return environment.random();
  }

  public Executor workers() {
    return threads.workers;
  }

  public ScheduledExecutorService timer() {
    return threads.timer;
  }

  /**
   * Does something short after so long, on the timer.
   *
   * @throws java.util.concurrent.RejectedExecutionException when the node has ended
   */
  void later(Runnable task, long nanos) {
    timer().schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  HeartbeatWheel wheel() {
    return threads.wheel;
  }

  MethodTable methods() {
    return features.methods;
  }

  LifecycleDispatcher lifecycle() {
    return features.lifecycle;
  }

  SessionRegistry registry() {
    return users.registry;
  }

  UserBudgets budgets() {
    return users.budgets;
  }

  Consumer<UserId> flooded() {
    return users.flooded;
  }
}
