package dev.realtime4j.server.internal.node;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.session.HeartbeatWheel;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SessionContext;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.handshake.AuthenticationExecutor;
import dev.realtime4j.server.internal.session.handshake.HandshakeAcceptor;
import dev.realtime4j.server.internal.session.handshake.TokenRefresh;
import dev.realtime4j.server.internal.session.limit.SessionLimits;
import dev.realtime4j.server.internal.session.limit.UserBudgets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The way in for clients: who is let in, and what they may call then. */
final class Gateway {
  private final MethodTable methods = new MethodTable();
  private final HandshakeAcceptor admission;

  /**
   * @param authenticators run the authenticator, and nothing else
   */
  Gateway(NodeConfig config, NodeContext context, Features features, Executor authenticators) {
    SessionLimits limits = config.settings().sessions();
    AuthenticationExecutor authentication =
        new AuthenticationExecutor(
            config.application().authenticator(),
            authenticators,
            context.timer(),
            limits.handshakes().timeout(),
            context.clock());
    new TokenRefresh(authentication).register(methods);
    features.forwards().forEach(feature -> feature.register(methods));
    config.application().methods().forEach(methods::register);
    this.admission =
        new HandshakeAcceptor(
            sessions(limits, context, features),
            authentication,
            features.bans(),
            () -> new SocketId(UuidCreator.getTimeOrderedEpoch().toString()));
  }

  private SessionContext sessions(SessionLimits limits, NodeContext context, Features features) {
    return new SessionContext(
        context.id(),
        context.environment(),
        limits,
        new SessionContext.Threads(
            context.workers(),
            context.timer(),
            HeartbeatWheel.of(limits, context.timer(), context.nanoTime())),
        new SessionContext.Features(methods, lifecycle(context, features)),
        new SessionContext.Users(
            context.sessions(),
            new UserBudgets(limits, context.nanoTime()),
            features.bans()::flooded));
  }

  /** What is sent to the user reaches a socket before any feature looks at it. */
  private static LifecycleDispatcher lifecycle(NodeContext context, Features features) {
    List<SessionLifecycle> all = new ArrayList<>();
    all.add(context.users());
    all.addAll(features.forwards());
    return new LifecycleDispatcher(all, context.workers(), context.nanoTime());
  }

  HandshakeAcceptor admission() {
    return admission;
  }

  /** How many calls of clients ended in an error inside the server. */
  long methodFailures() {
    return methods.failures();
  }
}
