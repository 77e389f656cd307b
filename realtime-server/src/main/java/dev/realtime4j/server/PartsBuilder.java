package dev.realtime4j.server;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.node.NodeConfig;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.tls.ServerTls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a server, within {@link RealtimeServer.Builder}: stores, policies, and the
 * application's listeners and handlers.
 *
 * @param <B> the builder itself
 */
abstract class PartsBuilder<B extends PartsBuilder<B>> extends OperationBuilder<B> {
  private final Map<String, MethodHandler> handlers = new LinkedHashMap<>();
  private final List<ConnectionListener> listeners = new ArrayList<>();
  private RoomPolicy roomPolicy = RoomPolicy.listenOnly();
  private PresencePolicy presencePolicy = PresencePolicy.everybody();

  // Not for applications: tests bring their own.
  ServerEnvironment environment = ServerEnvironment.system();
  Duration storeCheckInterval = NodeConfig.Stores.CHECK_EVERY;

  private ProcessLifetime processLifetime = ProcessLifetime.UNTIL_CLOSED;
  private @Nullable ServerId serverId;
  private @Nullable Authenticator authenticator;
  private @Nullable ClusterBackend cluster;
  private @Nullable NotificationRepository notifications;
  private @Nullable ConnectionLog connectionLog;
  private @Nullable Transport transport;
  private @Nullable ServerTls tls;

  /** Checks who is connecting; required. */
  public B authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return self();
  }

  /**
   * The name of this node; a random one for each server when not called. No two living nodes may
   * share one.
   */
  public B serverId(ServerId serverId) {
    this.serverId = Objects.requireNonNull(serverId, "serverId");
    return self();
  }

  /** What the nodes share; in memory, for one process, when not called. */
  public B cluster(ClusterBackend cluster) {
    this.cluster = Objects.requireNonNull(cluster, "cluster");
    return self();
  }

  /** Where notifications are stored; in memory when not called. */
  public B notifications(NotificationRepository notifications) {
    this.notifications = Objects.requireNonNull(notifications, "notifications");
    return self();
  }

  /** Where connections are logged; in memory when not called. */
  public B connectionLog(ConnectionLog connectionLog) {
    this.connectionLog = Objects.requireNonNull(connectionLog, "connectionLog");
    return self();
  }

  /**
   * Who may do what in rooms; everybody may join and only the application may publish, when not
   * called.
   */
  public B roomPolicy(RoomPolicy roomPolicy) {
    this.roomPolicy = Objects.requireNonNull(roomPolicy, "roomPolicy");
    return self();
  }

  /** Who may see whose presence; everybody sees everybody when not called. */
  public B presencePolicy(PresencePolicy presencePolicy) {
    this.presencePolicy = Objects.requireNonNull(presencePolicy, "presencePolicy");
    return self();
  }

  /** Another transport to accept sockets; closed with the server. */
  public B transport(Transport transport) {
    this.transport = Objects.requireNonNull(transport, "transport");
    return self();
  }

  /**
   * TLS on every socket, {@code wss}: 1.2 and 1.3. Plain sockets when not called; a proxy in front
   * may do TLS then.
   */
  public B tls(ServerTls tls) {
    this.tls = Objects.requireNonNull(tls, "tls");
    return self();
  }

  /** The clock of the server; the system's when not called. */
  public B clock(InstantSource clock) {
    environment = environment.withClock(Objects.requireNonNull(clock, "clock"));
    return self();
  }

  /**
   * Whether the started server keeps the process alive; when not called, it does so until it is
   * closed, as web servers do.
   */
  public B processLifetime(ProcessLifetime lifetime) {
    this.processLifetime = Objects.requireNonNull(lifetime, "lifetime");
    return self();
  }

  /**
   * Answers a method that the application defines.
   *
   * @param method 1 to 128 characters; not a method of the protocol
   */
  public B handler(String method, MethodHandler handler) {
    Objects.requireNonNull(handler, "handler");
    if (Objects.requireNonNull(method, "method").isEmpty() || method.length() > 128) {
      throw new IllegalArgumentException("a method's name must have 1 to 128 characters");
    }
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalArgumentException("the method \"" + method + "\" has a handler already");
    }
    return self();
  }

  /** Is told of sockets that open and close on this node. */
  public B listener(ConnectionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** What {@link RealtimeServer.Builder#build} makes a server of. */
  ServerConfig config() {
    if (authenticator == null) {
      throw new IllegalStateException(
          "a server needs an authenticator: builder().authenticator(JwtAuthenticator.hs256(secret))");
    }
    return new ServerConfig(
        nodeConfig(authenticator), settings.drainTime, processLifetime, settings.toString());
  }

  /** What is set afterwards changes nothing in it. */
  private NodeConfig nodeConfig(Authenticator authenticator) {
    InstantSource clock = environment.clock();
    return new NodeConfig(
        serverId == null ? randomId() : serverId,
        environment,
        settings.forNode(),
        new NodeConfig.Stores(
            cluster == null ? InMemoryCluster.create(clock) : cluster,
            notifications == null ? InMemoryNotificationRepository.create(clock) : notifications,
            connectionLog == null ? InMemoryConnectionLog.create(clock) : connectionLog,
            given(),
            storeCheckInterval),
        new NodeConfig.Sockets(transport(), settings.transportLimits(), tls),
        new NodeConfig.Application(
            authenticator,
            roomPolicy,
            presencePolicy,
            listeners.stream().map(Adapters::listener).toList(),
            Adapters.methods(handlers)));
  }

  private Set<String> given() {
    Set<String> given = new HashSet<>();
    if (cluster != null) {
      given.add(Components.CLUSTER);
    }
    if (notifications != null) {
      given.add(Components.NOTIFICATIONS);
    }
    if (connectionLog != null) {
      given.add(Components.CONNECTION_LOG);
    }
    return given;
  }

  private static ServerId randomId() {
    return new ServerId("node-" + UUID.randomUUID().toString().substring(0, 8));
  }

  private Transport transport() {
    return transport == null
        ? DefaultTransport.create(settings, tls, environment)
        : DefaultTransport.instead(transport, settings, tls);
  }
}
