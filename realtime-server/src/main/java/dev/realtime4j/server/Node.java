package dev.realtime4j.server;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.HealthReport.PartStatus;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.NodeLife;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.connectionlog.ConnectionLogWriter;
import dev.realtime4j.server.internal.health.ProblemList;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import dev.realtime4j.server.internal.presence.GuardedPolicy;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import dev.realtime4j.server.internal.session.Admission;
import dev.realtime4j.server.internal.session.Answer;
import dev.realtime4j.server.internal.session.Bans;
import dev.realtime4j.server.internal.session.Lanes;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.Prover;
import dev.realtime4j.server.internal.session.Pulse;
import dev.realtime4j.server.internal.session.SessionContext;
import dev.realtime4j.server.internal.session.SessionFeatures;
import dev.realtime4j.server.internal.session.SessionLimits;
import dev.realtime4j.server.internal.session.SessionMethods;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.UserBudgets;
import dev.realtime4j.server.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of a server, put together: the only place where the features meet. */
final class Node {
  /** Lanes that have not ticked once in it are broken. */
  private static final Duration FLUSH = Duration.ofSeconds(1);

  /** A store that does not answer in it counts as unavailable. */
  private static final Duration STORE_PATIENCE = Duration.ofSeconds(2);

  private final Settings settings;
  private final ServerId id;
  private final Authenticator authenticator;
  private final ConnectionLog connectionLog;
  private final ClusterBackend cluster;
  private final Transport transport;
  private final @Nullable ServerTls tls;
  private final Threads threads;
  private final ProblemList problems;
  private final StoreCheck stores;
  private final Maintenance maintenance;
  private final SessionRegistry registry = new SessionRegistry();
  private final NodeBus bus;
  private final NodeLife life;
  private final Commands commands;
  private final UserChannel users;
  private final NotificationFeature notifications;
  private final GuardedPolicy presencePolicy;
  private final PresenceFeature presence;
  private final RoomFeature rooms;
  private final ConnectionLogWriter logWriter;
  private final UserData userData;
  private final MethodTable methods;
  private final Revocation revocation;
  private final Admission admission;
  private volatile OptionalInt monthsAhead = OptionalInt.empty();
  private final Legacy legacy;

  Node(RealtimeServerBuilder builder, Authenticator authenticator) {
    this.settings = builder.settings;
    this.id = builder.serverId;
    this.authenticator = authenticator;
    this.cluster = builder.clusterOrMemory();
    this.connectionLog = builder.connectionLogOrMemory();
    this.transport = builder.transportOrDefault();
    this.tls = builder.tls;
    this.threads = new Threads(settings.workerThreads, settings.authenticatorThreads);
    this.problems = new ProblemList(builder.clock);
    this.bus = new NodeBus(cluster.bus(id));
    this.life =
        new NodeLife(cluster.servers(), id, builder.clock, settings.presenceTtl(), problems);
    this.commands = new Commands(bus, threads.workers());
    this.users = new UserChannel(bus);
    NotificationRepository store = builder.notificationsOrMemory();
    this.stores =
        new StoreCheck(
            builder.storeCheckInterval,
            problems,
            new StoreCheck.Store("notifications.store", store::check),
            new StoreCheck.Store("connection_log.store", connectionLog::check));
    this.userData = new UserData(store, connectionLog);
    this.notifications =
        new NotificationFeature(
            new NotificationFeature.Settings(
                settings.relayLease,
                settings.bulkPushesPerSecond,
                settings.maxMissed,
                settings.outgoingBudgetBytes / 2),
            store,
            bus,
            users,
            builder.clock,
            problems,
            threads.workers());
    this.presencePolicy = new GuardedPolicy(builder.presencePolicy);
    this.presence =
        new PresenceFeature(
            new PresenceFeature.Settings(
                settings.presenceTtl(),
                settings.presenceGrace,
                settings.maxWatchedUsersPerSocket,
                settings.maxSocketsPerUser),
            cluster.presence(),
            presencePolicy,
            connectionLog,
            id,
            bus,
            commands,
            registry,
            builder.clock,
            new TransportLanes(transport),
            threads.listeners(),
            threads.workers());
    this.rooms =
        new RoomFeature(
            new RoomFeature.Settings(
                settings.maxRoomSize,
                settings.maxRoomsPerSocket,
                settings.roomEventsUpTo,
                settings.outgoingBudgetBytes / 4,
                settings.maxClientEventBytes,
                settings.clientEventBytes()),
            cluster.rooms(),
            builder.roomPolicy,
            id,
            bus,
            users,
            commands,
            registry,
            new TransportLanes(transport),
            threads.timer(),
            threads.workers());
    this.logWriter = new ConnectionLogWriter(connectionLog, id, builder.clock, notifications.ids());
    Prover prover =
        new Prover(
            authenticator,
            threads.proofs(),
            threads.timer(),
            settings.handshakeTimeout,
            builder.clock);
    this.methods = methods(builder, prover);
    Bans bans = new Bans(builder.clock);
    this.revocation = new Revocation(commands, registry, bans, cluster.bans(), builder.clock);
    SessionContext context =
        new SessionContext(
            id,
            limits(),
            threads.workers(),
            threads.timer(),
            Pulse.of(limits(), threads.timer()),
            builder.clock,
            methods,
            registry,
            new UserBudgets(limits()),
            new SessionFeatures(
                List.of(
                    users,
                    presence,
                    logWriter,
                    new HostListeners(builder.listeners, threads.listeners()),
                    rooms,
                    notifications.sessions()),
                threads.workers()),
            user ->
                revocation.ban(
                    user, settings.rateLimitBan, Reach.NEW_SOCKETS, "too many messages"));
    this.admission =
        new Admission(
            context,
            prover,
            bans,
            () -> new SocketId(UuidCreator.getTimeOrderedEpoch().toString()));
    this.maintenance =
        new Maintenance(problems, stores::isReady, this::measureMonths, System::nanoTime);
    maintenance.add("notifications", notifications.maintenance());
    maintenance.add("connection_log", connectionLog.maintenance());
    life.onForgotten(revocation::owe);
    bus.onGap(revocation::owe);
    this.legacy =
        new Legacy(
            id, life, presence, rooms, logWriter, connectionLog, commands, registry, builder.clock);
  }

  private record TransportLanes(Transport transport) implements Lanes {
    @Override
    public int count() {
      return transport.lanes();
    }

    @Override
    public void afterWrites(int lane, Runnable task) {
      transport.afterWrites(lane, task);
    }
  }

  private SessionLimits limits() {
    return new SessionLimits(
        settings.heartbeatInterval,
        settings.heartbeatTimeout,
        settings.messagesPerSecond,
        settings.burst(),
        settings.messageBudgetsPerUser,
        settings.messagesPerFrame(),
        settings.userConnects(),
        settings.addressConnects(),
        settings.maxSocketsPerUser,
        settings.maxSocketsPerAddress,
        settings.outgoingBudgetBytes,
        settings.tokenGrace,
        settings.handshakeTimeout,
        settings.allowedOrigins,
        settings.trustedProxies);
  }

  private MethodTable methods(RealtimeServerBuilder builder, Prover prover) {
    MethodTable methods = new MethodTable();
    new SessionMethods(prover).register(methods);
    notifications.register(methods);
    presence.register(methods);
    rooms.register(methods);
    builder.handlers.forEach(
        (name, handler) ->
            methods.register(
                name,
                (session, params) ->
                    Answer.of(
                        handler.handle(
                            new MethodCall(session.principal(), session.id(), params.json())))));
    return methods;
  }

  void start() {
    bus.start();
    commands.start();
    legacy.begin(settings.presenceTtl().dividedBy(2));
    revocation.compare();
    notifications.start();
    transport.start(
        new TransportLimits(
            settings.port,
            settings.maxMessageBytes,
            settings.maxHandshakeBytes,
            settings.handshakeTimeout,
            settings.maxSockets,
            settings.bindAddress),
        admission);
    stores.begin(threads.workers(), STORE_PATIENCE);
    new Schedule(threads, settings)
        .begin(life, presence, rooms, notifications, logWriter, revocation, stores, maintenance);
    if (tls != null) {
      new CertificateRenewal(tls).begin(threads);
    }
  }

  private void measureMonths() {
    monthsAhead =
        Stream.of(notifications.monthsAhead(), connectionLog.monthsAhead())
            .flatMapToInt(OptionalInt::stream)
            .min();
  }

  /** Ends everything, writing what is queued. The sockets should be gone by now. */
  void stop() {
    transport.close();
    awaitFarewells();
    threads.stopTicks();
    notifications.close();
    Threads.guarded("Leaving the cluster", legacy::end);
    bus.close();
    threads.close();
  }

  private void awaitFarewells() {
    try {
      registry.awaitEmpty(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int broadcast(RoomName channel, String event, Json data) {
    if (channel.isUserRoom()) {
      UserId user = UserId.of(channel.value().substring(channel.value().indexOf(':') + 1));
      rooms.rooms().publishToUser(user, event, data);
      return count(() -> cluster.presence().socketCount(user), () -> registry.of(user).size());
    }
    rooms.rooms().publish(channel, event, data);
    return count(() -> cluster.rooms().socketCount(channel), () -> rooms.socketsHere(channel));
  }

  /** While the store is away the node's own sockets are those that the message reaches. */
  private static int count(IntSupplier everywhere, IntSupplier here) {
    try {
      return everywhere.getAsInt();
    } catch (RealtimeException e) {
      return here.getAsInt();
    }
  }

  private Map<String, PartStatus> parts() {
    boolean cluster = bus.isConnected() && life.isKnown() && !presence.isStoreAway();
    return Map.of(
        "redis", cluster ? PartStatus.UP : PartStatus.DOWN,
        "postgresql", notifications.isStoreAway() ? PartStatus.DOWN : PartStatus.UP);
  }

  /** A node that does not serve. */
  HealthReport health(HealthReport.Status status) {
    return new HealthReport(status, parts(), problems());
  }

  /** A node that serves. */
  HealthReport health() {
    if (!stores.hasLooked()) {
      return health(HealthReport.Status.STARTING);
    }
    return stores.isReady()
        ? HealthReport.serving(parts(), problems())
        : health(HealthReport.Status.NOT_READY);
  }

  private List<HealthReport.Problem> problems() {
    return problems.current().stream()
        .map(it -> new HealthReport.Problem(it.name(), it.since(), it.message()))
        .toList();
  }

  ServerStats stats() {
    return new ServerStats(
        registry.size(),
        notifications.acknowledged(),
        notifications.relayed(),
        notifications.backlog(),
        monthsAhead,
        logWriter.dropped(),
        methods.failures(),
        problems.current().size(),
        maintenance.failing());
  }

  /** Whether sockets are encrypted here. */
  boolean isEncrypted() {
    return tls != null;
  }

  Settings settings() {
    return settings;
  }

  ServerId id() {
    return id;
  }

  Transport transport() {
    return transport;
  }

  SessionRegistry registry() {
    return registry;
  }

  Notifications notifications() {
    return notifications.notifications();
  }

  Presences presences() {
    return presence.presences();
  }

  PresencePolicy presencePolicy() {
    return presencePolicy;
  }

  Rooms rooms() {
    return rooms.rooms();
  }

  ConnectionLog connectionLog() {
    return connectionLog;
  }

  UserData userData() {
    return userData;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Revocation revocation() {
    return revocation;
  }

  /** What was published so far is to go out before the sockets are closed. */
  void flushFanouts() throws InterruptedException {
    new TransportLanes(transport).awaitTicks(FLUSH);
  }

  /** Lets nobody in any more. */
  void refuse(Duration backWithin) {
    admission.drain(backWithin);
    presence.drain(backWithin);
  }
}
