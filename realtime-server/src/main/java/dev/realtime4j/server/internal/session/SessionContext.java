package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What all sessions of a node share.
 *
 * @param server the node
 * @param limits what they may do
 * @param workers runs everything that may block
 * @param timer runs what is short and due later
 * @param pulse when heartbeats are due
 * @param clock the time
 * @param methods what clients may call
 * @param registry the open sockets
 * @param budgets what users may send
 * @param lifecycle told of opening and closing
 * @param flooded told of a user whose socket kept on above its message limit
 */
public record SessionContext(
    ServerId server,
    SessionLimits limits,
    Executor workers,
    ScheduledExecutorService timer,
    Pulse pulse,
    InstantSource clock,
    MethodTable methods,
    SessionRegistry registry,
    UserBudgets budgets,
    LifecycleDispatcher lifecycle,
    Consumer<UserId> flooded) {}
