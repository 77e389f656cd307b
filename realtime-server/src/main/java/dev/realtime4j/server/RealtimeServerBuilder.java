package dev.realtime4j.server;

import static dev.realtime4j.server.SettingChecks.notNegative;
import static dev.realtime4j.server.SettingChecks.positive;
import static dev.realtime4j.server.SettingChecks.within;

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
import dev.realtime4j.server.internal.session.address.TrustedProxies;
import dev.realtime4j.server.internal.session.handshake.AllowedOrigins;
import dev.realtime4j.server.memory.InMemoryCluster;
import dev.realtime4j.server.memory.InMemoryConnectionLog;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import dev.realtime4j.server.tls.ServerTls;
import java.net.InetAddress;
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
 * Collects what a server is made of. Only the authenticator is required; without stores everything
 * is kept in memory, for one process.
 *
 * <p>Every method checks its value at once and throws {@link IllegalArgumentException} that names
 * the setting and what it takes. What the host hands in (stores, cluster, transport) is never
 * closed by the server, but for the transport, which one server uses alone.
 *
 * <p>Not thread-safe. It may be used on after {@link #build}: a server that was built does not
 * change any more.
 */
public final class RealtimeServerBuilder {
  private final Settings settings = new Settings();
  private final Map<String, MethodHandler> handlers = new LinkedHashMap<>();
  private final List<ConnectionListener> listeners = new ArrayList<>();
  private RoomPolicy roomPolicy = RoomPolicy.listenOnly();
  private PresencePolicy presencePolicy = PresencePolicy.everybody();
  private ProcessLifetime processLifetime = ProcessLifetime.UNTIL_CLOSED;
  private @Nullable ServerId serverId;
  private @Nullable Authenticator authenticator;
  private @Nullable ClusterBackend cluster;
  private @Nullable NotificationRepository notifications;
  private @Nullable ConnectionLog connectionLog;
  private @Nullable Transport transport;
  private @Nullable ServerTls tls;
  // Not for applications: tests bring their own.
  ServerEnvironment environment = ServerEnvironment.system();
  Duration storeCheckInterval = NodeConfig.Stores.CHECK_EVERY;

  RealtimeServerBuilder() {}

  /** Who is at the other end; required. */
  public RealtimeServerBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * The name of this node; a random one for each when not called. No two living nodes may share
   * one.
   */
  public RealtimeServerBuilder serverId(ServerId serverId) {
    this.serverId = Objects.requireNonNull(serverId, "serverId");
    return this;
  }

  /** What the nodes share; in memory, for one process, when not called. */
  public RealtimeServerBuilder cluster(ClusterBackend cluster) {
    this.cluster = Objects.requireNonNull(cluster, "cluster");
    return this;
  }

  /** Where notifications are stored; in memory when not called. */
  public RealtimeServerBuilder notifications(NotificationRepository notifications) {
    this.notifications = Objects.requireNonNull(notifications, "notifications");
    return this;
  }

  /** Where connections are logged; in memory when not called. */
  public RealtimeServerBuilder connectionLog(ConnectionLog connectionLog) {
    this.connectionLog = Objects.requireNonNull(connectionLog, "connectionLog");
    return this;
  }

  /** Who may do what in rooms; everybody may join and only the host publish, when not called. */
  public RealtimeServerBuilder roomPolicy(RoomPolicy roomPolicy) {
    this.roomPolicy = Objects.requireNonNull(roomPolicy, "roomPolicy");
    return this;
  }

  /** Who may see how whom is present; everybody sees everybody when not called. */
  public RealtimeServerBuilder presencePolicy(PresencePolicy presencePolicy) {
    this.presencePolicy = Objects.requireNonNull(presencePolicy, "presencePolicy");
    return this;
  }

  /** Another way to accept sockets; closed with the server. */
  public RealtimeServerBuilder transport(Transport transport) {
    this.transport = Objects.requireNonNull(transport, "transport");
    return this;
  }

  /**
   * TLS on every socket, {@code wss}: 1.2 and 1.3. Plain sockets when not called, which a proxy in
   * front may do TLS for.
   */
  public RealtimeServerBuilder tls(ServerTls tls) {
    this.tls = Objects.requireNonNull(tls, "tls");
    return this;
  }

  /** Where the time comes from; the system when not called. */
  public RealtimeServerBuilder clock(InstantSource clock) {
    environment = environment.withClock(Objects.requireNonNull(clock, "clock"));
    return this;
  }

  /**
   * Whether the started server keeps the process alive; until it is closed when not called, as web
   * servers do.
   */
  public RealtimeServerBuilder processLifetime(ProcessLifetime lifetime) {
    this.processLifetime = Objects.requireNonNull(lifetime, "lifetime");
    return this;
  }

  /**
   * Answers a method of the host's own.
   *
   * @param method 1 to 128 characters; not one of the protocol's own
   */
  public RealtimeServerBuilder handler(String method, MethodHandler handler) {
    Objects.requireNonNull(handler, "handler");
    if (Objects.requireNonNull(method, "method").isEmpty() || method.length() > 128) {
      throw new IllegalArgumentException("a method's name must have 1 to 128 characters");
    }
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalArgumentException("the method \"" + method + "\" has a handler already");
    }
    return this;
  }

  /** Hears of sockets that open and close on this node. */
  public RealtimeServerBuilder listener(ConnectionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /** The TCP port of the WebSocket; 8080 when not called, 0 for any free one. */
  public RealtimeServerBuilder port(int port) {
    settings.port = within("port", port, 0, 65_535);
    return this;
  }

  /**
   * The address of this machine at which sockets are accepted; every one when not called. {@code
   * 127.0.0.1} or {@code ::1} is for clients and proxies on this machine only.
   *
   * @param address in numbers, IPv4 or IPv6, for one interface also {@code fe80::1%eth0}; {@code
   *     0.0.0.0} and {@code ::} are every one. Whether this machine has it is known when the server
   *     starts
   */
  public RealtimeServerBuilder bindAddress(String address) {
    settings.bindAddress = BindAddress.parse(Objects.requireNonNull(address, "address"));
    return this;
  }

  /** The same with an address at hand. */
  public RealtimeServerBuilder bindAddress(InetAddress address) {
    settings.bindAddress = BindAddress.checked(Objects.requireNonNull(address, "address"));
    return this;
  }

  /** How often a client is asked for a sign of life; 25 s when not called. */
  public RealtimeServerBuilder heartbeatInterval(Duration interval) {
    settings.heartbeatInterval =
        positive("heartbeatInterval", Objects.requireNonNull(interval, "interval"));
    return this;
  }

  /** How long a client may take to give it; 10 s when not called. */
  public RealtimeServerBuilder heartbeatTimeout(Duration timeout) {
    settings.heartbeatTimeout =
        positive("heartbeatTimeout", Objects.requireNonNull(timeout, "timeout"));
    return this;
  }

  /** How much longer than the heartbeat interval presence lasts; 15 s when not called. */
  public RealtimeServerBuilder presenceBuffer(Duration buffer) {
    settings.presenceBuffer = positive("presenceBuffer", Objects.requireNonNull(buffer, "buffer"));
    return this;
  }

  /** How long a user stays present after their last socket closed; 10 s when not called. */
  public RealtimeServerBuilder presenceGrace(Duration grace) {
    settings.presenceGrace = notNegative("presenceGrace", Objects.requireNonNull(grace, "grace"));
    return this;
  }

  /** How many users a room may have, over the cluster; 10,000 when not called. */
  public RealtimeServerBuilder maxRoomSize(int members) {
    settings.maxRoomSize = within("maxRoomSize", members, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * Up to so many members each coming and going is told by name; above, the members hear the event
   * {@code room.size} with the count, at most once a second. 100 when not called.
   */
  public RealtimeServerBuilder roomEventsUpTo(int members) {
    settings.roomEventsUpTo = within("roomEventsUpTo", members, 0, Integer.MAX_VALUE);
    return this;
  }

  /**
   * How large an event may be that a client publishes to a room, in bytes of its whole message; 8
   * KiB when not called. Those of the application may have a quarter of {@link
   * #outgoingBudgetBytes}, and no client more than that.
   */
  public RealtimeServerBuilder maxClientEventBytes(int bytes) {
    settings.maxClientEventBytes = within("maxClientEventBytes", bytes, 256, 16 * 1024 * 1024);
    return this;
  }

  /**
   * How many bytes of events a user may publish to one room in a second, eight times as many at
   * once after a pause. When not called 16 KiB for every ten of {@link #messagesPerSecond}, which
   * is 16 KiB. Each of them goes to every member.
   */
  public RealtimeServerBuilder clientEventBytesPerSecond(int bytes) {
    settings.clientEventBytesPerSecond =
        within("clientEventBytesPerSecond", bytes, 256, 1024 * 1024 * 1024);
    return this;
  }

  /**
   * How many messages a user may send a second for each of their sockets on this node, up to {@link
   * #messageBudgetsPerUser}; 10 when not called. Each line of a text frame is a message, and a
   * frame is at least one.
   */
  public RealtimeServerBuilder messagesPerSecond(int messages) {
    settings.messagesPerSecond = within("messagesPerSecond", messages, 1, 100_000_000);
    return this;
  }

  /**
   * How many messages a socket may send at once; twice the rate when not called. What was spent is
   * remembered for the user: another socket instead of the first does not begin anew.
   */
  public RealtimeServerBuilder messageBurst(int messages) {
    settings.messageBurst = within("messageBurst", messages, 1, 100_000_000);
    return this;
  }

  /**
   * How many bytes of messages are read in a second of each socket that has a budget of messages;
   * at once as many seconds' worth as {@link #messageBurst} has. When not called a quarter of
   * {@link #maxMessageBytes} for each of {@link #messagesPerSecond}, which is 160 KiB. A client
   * that sends more is read from later; nothing is refused. A character counts as one byte, one
   * outside the BMP as two.
   *
   * @param bytes 1,024 to 1,073,741,824
   */
  public RealtimeServerBuilder messageBytesPerSecond(int bytes) {
    settings.messageBytesPerSecond =
        within("messageBytesPerSecond", bytes, 1024, 1024 * 1024 * 1024);
    return this;
  }

  /**
   * How many sockets of a user on this node have a budget of messages of their own; 10 when not
   * called. Further sockets share those.
   */
  public RealtimeServerBuilder messageBudgetsPerUser(int sockets) {
    settings.messageBudgetsPerUser = within("messageBudgetsPerUser", sockets, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * How many lines a text frame may have, each a message; 100, or the {@link #messageBurst} if that
   * is more, when not called.
   */
  public RealtimeServerBuilder maxMessagesPerFrame(int messages) {
    settings.maxMessagesPerFrame = within("maxMessagesPerFrame", messages, 1, 100_000_000);
    return this;
  }

  /**
   * How many WebSocket pings and pongs a socket may send a second, ten times as many at once after
   * a pause; 10 when not called. One that sends more is closed with 4429. For the server's own
   * transport.
   */
  public RealtimeServerBuilder controlFramesPerSecond(int frames) {
    settings.controlFramesPerSecond = within("controlFramesPerSecond", frames, 1, 100_000_000);
    return this;
  }

  /**
   * How often a user may open a socket on this node, in a second; eight times as often at once
   * after a pause, at least 20 times. A quarter of {@link #maxSocketsPerUser}, at least 1, when not
   * called.
   */
  public RealtimeServerBuilder connectsPerSecondPerUser(int connects) {
    settings.connectsPerSecondPerUser =
        within("connectsPerSecondPerUser", connects, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * The same for an address. A tenth of {@link #maxSocketsPerAddress}, at least 1, when not called:
   * all sockets that an address may hold can come twice at once.
   */
  public RealtimeServerBuilder connectsPerSecondPerAddress(int connects) {
    settings.connectsPerSecondPerAddress =
        within("connectsPerSecondPerAddress", connects, 1, Integer.MAX_VALUE);
    return this;
  }

  /** How long a user stays out whose socket kept on above its rate; 60 s when not called. */
  public RealtimeServerBuilder rateLimitBan(Duration ban) {
    settings.rateLimitBan = notNegative("rateLimitBan", Objects.requireNonNull(ban, "ban"));
    return this;
  }

  /**
   * How many sockets a user may hold over all nodes, the oldest is closed; 20 when not called.
   * While the cluster's presence store is unavailable each node counts its own.
   */
  public RealtimeServerBuilder maxSocketsPerUser(int sockets) {
    settings.maxSocketsPerUser = within("maxSocketsPerUser", sockets, 1, Integer.MAX_VALUE);
    return this;
  }

  /** How many sockets an address may hold on this node; 1,000 when not called. */
  public RealtimeServerBuilder maxSocketsPerAddress(int sockets) {
    settings.maxSocketsPerAddress = within("maxSocketsPerAddress", sockets, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * How many half-open sockets of an address may keep this node waiting: for a request, or for the
   * next step of TLS. One more, and the one that has done so longest is closed. A quarter of {@link
   * #maxSocketsPerAddress}, or of {@link #maxSockets} if that is less, when not called. For the
   * server's own transport.
   */
  public RealtimeServerBuilder maxHalfOpenSocketsPerAddress(int sockets) {
    settings.maxHalfOpenSocketsPerAddress =
        within("maxHalfOpenSocketsPerAddress", sockets, 1, Integer.MAX_VALUE);
    return this;
  }

  /**
   * How many sockets this node may hold. When not called 50,000, or fewer where the process may not
   * open so many files: a quarter of its limit, 256 to 2,048, is kept for the rest. Half of them
   * may be half-open: beyond that, and when the node is full, the address with most half-open ones
   * gives place.
   */
  public RealtimeServerBuilder maxSockets(int sockets) {
    settings.maxSockets = within("maxSockets", sockets, 1, Integer.MAX_VALUE);
    return this;
  }

  /** How many rooms a socket may be in; 100 when not called. */
  public RealtimeServerBuilder maxRoomsPerSocket(int rooms) {
    settings.maxRoomsPerSocket = within("maxRoomsPerSocket", rooms, 0, Integer.MAX_VALUE);
    return this;
  }

  /** How many users a socket may watch; 1,000 when not called. */
  public RealtimeServerBuilder maxWatchedUsersPerSocket(int users) {
    settings.maxWatchedUsersPerSocket =
        within("maxWatchedUsersPerSocket", users, 0, Integer.MAX_VALUE);
    return this;
  }

  /** How large a client's message may be, in bytes; 64 KiB when not called. */
  public RealtimeServerBuilder maxMessageBytes(int bytes) {
    settings.maxMessageBytes = within("maxMessageBytes", bytes, 1024, 16 * 1024 * 1024);
    return this;
  }

  /** How many bytes may wait for one socket; 1 MiB when not called. */
  public RealtimeServerBuilder outgoingBudgetBytes(int bytes) {
    settings.outgoingBudgetBytes =
        within("outgoingBudgetBytes", bytes, 64 * 1024, 1024 * 1024 * 1024);
    return this;
  }

  /**
   * How many bytes of one socket the kernel may hold at most, beside the outgoing budget; 128 KiB
   * when not called. It begins with 32 KiB, and grows while the client takes them quickly: on a
   * slow link a heartbeat waits behind all of them. Linux doubles it for its own needs, and takes
   * at most {@code net.core.wmem_max}. Left to itself it holds up to 4 MiB for a client that does
   * not read.
   */
  public RealtimeServerBuilder sendBufferBytes(int bytes) {
    settings.sendBufferBytes = within("sendBufferBytes", bytes, 4096, 16 * 1024 * 1024);
    return this;
  }

  /** How large the head of a handshake may be, in bytes; 16 KiB when not called. */
  public RealtimeServerBuilder maxHandshakeBytes(int bytes) {
    settings.maxHandshakeBytes = within("maxHandshakeBytes", bytes, 512, 1024 * 1024);
    return this;
  }

  /** How long a handshake may take; 10 s when not called. */
  public RealtimeServerBuilder handshakeTimeout(Duration timeout) {
    settings.handshakeTimeout =
        positive("handshakeTimeout", Objects.requireNonNull(timeout, "timeout"));
    return this;
  }

  /** How long an expired token may still be refreshed; 30 s when not called. */
  public RealtimeServerBuilder tokenGrace(Duration grace) {
    settings.tokenGrace = notNegative("tokenGrace", Objects.requireNonNull(grace, "grace"));
    return this;
  }

  /**
   * The origins of browsers that may connect; all when empty or not called.
   *
   * @param origins each with scheme, host and, unless it is the usual one, port: {@code
   *     https://example.org}
   */
  public RealtimeServerBuilder allowedOrigins(Set<String> origins) {
    AllowedOrigins.of(Objects.requireNonNull(origins, "origins"));
    settings.allowedOrigins = Set.copyOf(origins);
    return this;
  }

  /**
   * The proxies whose {@code X-Forwarded-For} or {@code Forwarded} counts; none when not called.
   * Read from the right, the first address that is no trusted proxy is the client's.
   *
   * @param addresses single ones, and networks in CIDR form: {@code 10.0.0.0/8}, {@code ::1}
   */
  public RealtimeServerBuilder trustedProxies(Set<String> addresses) {
    Objects.requireNonNull(addresses, "addresses");
    TrustedProxies.of(addresses);
    settings.trustedProxies = Set.copyOf(addresses);
    return this;
  }

  /**
   * Whether the {@link #trustedProxies} begin each connection with a PROXY header that says whose
   * it is; {@link ProxyProtocol#OFF} when not called. That address then counts as if the client had
   * connected from it: for the limits, the connection log, and whether it is itself a trusted proxy
   * whose {@code X-Forwarded-For} is read. For the server's own transport.
   */
  public RealtimeServerBuilder proxyProtocol(ProxyProtocol proxyProtocol) {
    Objects.requireNonNull(proxyProtocol, "proxyProtocol");
    settings.proxyProtocol = proxyProtocol;
    return this;
  }

  /** How often live sockets are checked for lost pushes; 5 min when not called. */
  public RealtimeServerBuilder syncInterval(Duration interval) {
    settings.syncInterval = positive("syncInterval", Objects.requireNonNull(interval, "interval"));
    return this;
  }

  /** More missed notifications than this are paged by the client; 200 when not called. */
  public RealtimeServerBuilder maxMissed(int notifications) {
    settings.maxMissed = within("maxMissed", notifications, 0, 10_000);
    return this;
  }

  /** After how long any node pushes what the committing one did not; 2 s when not called. */
  public RealtimeServerBuilder relayLease(Duration lease) {
    settings.relayLease = positive("relayLease", Objects.requireNonNull(lease, "lease"));
    return this;
  }

  /** How fast {@code sendAll} and the relay push, in pushes a second; 10,000 when not called. */
  public RealtimeServerBuilder bulkPushesPerSecond(int pushes) {
    settings.bulkPushesPerSecond = within("bulkPushesPerSecond", pushes, 1, 10_000_000);
    return this;
  }

  /** Over how long clients are spread that a closing server sends away; 10 s when not called. */
  public RealtimeServerBuilder drainTime(Duration time) {
    settings.drainTime = notNegative("drainTime", Objects.requireNonNull(time, "time"));
    return this;
  }

  /** How many threads move bytes; one for each processor when not called. */
  public RealtimeServerBuilder ioThreads(int threads) {
    settings.ioThreads = within("ioThreads", threads, 1, 1024);
    return this;
  }

  /**
   * How many tokens are checked at a time; 64 when not called. A check that hangs holds one of
   * these threads until {@link #handshakeTimeout} and is interrupted then.
   */
  public RealtimeServerBuilder authenticatorThreads(int threads) {
    settings.authenticatorThreads = within("authenticatorThreads", threads, 1, 10_000);
    return this;
  }

  /** How many threads do what may block; four for each processor, at least 16, when not called. */
  public RealtimeServerBuilder workerThreads(int threads) {
    settings.workerThreads = within("workerThreads", threads, 1, 10_000);
    return this;
  }

  /**
   * The server, not started yet.
   *
   * @throws IllegalStateException when the authenticator is missing, or both a transport and TLS or
   *     PROXY headers for the default one are given, or PROXY headers and no trusted proxy
   * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when the library of the default
   *     transport is missing, because the application excluded it
   */
  public RealtimeServer build() {
    if (authenticator == null) {
      throw new IllegalStateException(
          "a server needs an authenticator: builder().authenticator(JwtAuthenticator.hs256(secret))");
    }
    return new RealtimeServer(
        new ServerConfig(
            nodeConfig(authenticator), settings.drainTime, processLifetime, settings.toString()));
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
