package dev.realtime4j.server;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.Notifications;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.server.internal.node.Node;
import dev.realtime4j.server.internal.node.ProcessHold;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: accepts clients, and gives the application notifications, presence and rooms.
 *
 * <pre>{@code
 * RealtimeServer server = RealtimeServer.builder()
 *     .port(8080)
 *     .authenticator(JwtAuthenticator.hs256(secret))
 *     .build()
 *     .start();
 * server.notifications().send(NewNotification.to(user).title("Order shipped").build());
 * }</pre>
 *
 * <p>Thread safety: any thread.
 *
 * <p>Lifecycle: {@link #start} once, then {@link #drain} or {@link #close} once; a closed server
 * cannot be started again. It ends every thread it made. Of what the application passed in it
 * closes only the transport. While it serves, it keeps the process alive, unless it was built as a
 * {@linkplain ProcessLifetime#DAEMON daemon}.
 */
public final class RealtimeServer implements Broadcaster, Health, BanCheck, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RealtimeServer.class);

  /** How long a plain close waits for what is queued. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final ServerConfig config;
  private final Node node;
  private final ProcessHold process;
  private final UserData userData;
  private volatile State state = State.NEW;

  private enum State {
    NEW,
    SERVING,
    DRAINING,
    CLOSED
  }

  RealtimeServer(ServerConfig config) {
    this.config = config;
    this.node = new Node(config.node());
    this.process =
        new ProcessHold(
            config.processLifetime() == ProcessLifetime.DAEMON,
            config.node().environment().threads());
    this.userData =
        new UserData(
            config.node().stores().notifications(), config.node().stores().connectionLog());
  }

  /** Begins to build a server. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Opens the port and serves. A store that is unavailable does not prevent the start: the server
   * serves what it can and goes on when the store is back. Neither does a store that lacks tables
   * or rights: the {@linkplain #health health} is {@code NOT_READY}, with the remedy, until
   * somebody fixes it. Waits at most two seconds for the stores to report that.
   *
   * <p>From here on the server keeps the process alive until it is closed, even when {@code main}
   * returns; see {@link Builder#processLifetime}. If it cannot start, it leaves no thread behind.
   * If a node of the same id has given a sign of life within the last {@code heartbeatInterval +
   * presenceBuffer}, it waits up to half of that time to see whether that node still lives, and
   * replaces a dead one.
   *
   * @return this
   * @throws RealtimeException {@code UNAVAILABLE} when the port cannot be opened; {@code
   *     BAD_REQUEST} when a node of the same id is running
   * @throws IllegalStateException when it was started before
   */
  public synchronized RealtimeServer start() {
    if (state != State.NEW) {
      throw new IllegalStateException("a server is started once; build a new one");
    }
    OpenFiles.ofProcess().tell(config.node().sockets().limits().maxConnections());
    try {
      node.start();
      process.begin();
    } catch (RuntimeException | Error e) {
      state = State.CLOSED;
      stopNode();
      throw e;
    }
    state = State.SERVING;
    log.info(
        "Node {} serves on port {}{}: {}",
        id(),
        port(),
        config.node().sockets().tls() == null ? "" : " with TLS",
        config.summary());
    return this;
  }

  /** The name of this node. */
  public ServerId id() {
    return config.node().id();
  }

  /** The TCP port it serves on. */
  public int port() {
    return node.port();
  }

  /** What this node has counted; cheap, for the application's own metrics. */
  public ServerStats stats() {
    return Reports.stats(node.statistics());
  }

  /** Durable notifications. */
  public Notifications notifications() {
    return node.notifications();
  }

  /** Who is online. */
  public Presences presence() {
    return node.presences();
  }

  /**
   * Who may see whom, for an HTTP API beside the socket: the application's policy, except that
   * everybody sees themselves, and that every exception becomes {@code UNAVAILABLE}.
   */
  public PresencePolicy presencePolicy() {
    return node.presencePolicy();
  }

  /** Live rooms. */
  public Rooms rooms() {
    return node.rooms();
  }

  /** The log of connections. */
  public ConnectionLog connectionLog() {
    return config.node().stores().connectionLog();
  }

  /**
   * Removes every row of a user, in every table: notifications, also those that wait to be pushed,
   * idempotency keys, and the log of their connections. {@linkplain #disconnect Disconnect} a
   * connected user first, because the end of a connection is logged too. Blocks on the stores;
   * repeating it is safe.
   *
   * @return how many rows
   * @throws RealtimeException {@code UNAVAILABLE} when a store is unavailable; some rows may be
   *     left, so repeat it
   */
  public int eraseUser(UserId user) {
    return userData.erase(user);
  }

  /**
   * Hands over everything that is stored about a user, piece by piece. Blocks on the stores.
   *
   * @param visitor called on the calling thread; an exception of it ends the export
   * @throws RealtimeException {@code UNAVAILABLE} when a store is unavailable; the export is then
   *     incomplete
   */
  public void exportUser(UserId user, UserDataVisitor visitor) {
    userData.export(user, visitor);
  }

  /** Checks who is calling; for an HTTP API beside the socket. */
  public Authenticator authenticator() {
    return config.node().application().authenticator();
  }

  /**
   * Closes all sockets that a user has now, on all nodes. A node that is cut off closes them as
   * soon as it is back, within 24 hours and by the nodes' clocks. The user may reconnect; see
   * {@link #ban}. Writes to the cluster's store, on the calling thread. While the store is
   * unavailable, this node closes its sockets, keeps the disconnect in memory, and tells the other
   * nodes when the store is back.
   *
   * @param reason at most 123 bytes of UTF-8; the client sees it
   */
  public void disconnect(UserId user, String reason) {
    node.bans().disconnect(user, reason);
  }

  /**
   * Closes all sockets of a user, on all nodes, and refuses the user for a while, over HTTP as
   * well. This includes a node that is cut off now, as soon as it is back, and one that is started
   * later. Writes to the cluster's store, on the calling thread. While the store is unavailable the
   * ban holds on this node; it is stored, and the other nodes are told, when the store is back.
   *
   * @param time from now on; an earlier ban that lasts longer stays
   * @param reason at most 123 bytes of UTF-8; the client sees it
   */
  public void ban(UserId user, Duration time, String reason) {
    node.bans().ban(user, time, reason);
  }

  @Override
  public Duration remainingBan(UserId user) {
    return node.bans().remaining(user);
  }

  /** The same as {@link Rooms#publish} of {@link #rooms}. */
  public void publish(RoomName room, String event, Json data) {
    rooms().publish(room, event, data);
  }

  /** {@inheritDoc} Unlike {@link #publish} it queries the cluster's store, and waits for it. */
  @Override
  public int broadcast(RoomName channel, String event, Json data) {
    return node.broadcast(channel, event, data);
  }

  @Override
  public HealthReport health() {
    return switch (state) {
      case NEW -> Reports.health(HealthReport.Status.STARTING, node.health());
      case SERVING -> Reports.health(node.health());
      case DRAINING, CLOSED -> Reports.health(HealthReport.Status.DRAINING, node.health());
    };
  }

  /**
   * Stops without losing anything: refuses new connections, tells each client when to come back,
   * closes with 1012, writes what is queued, then stops.
   *
   * @param time how long it may take, and the time over which the clients' return is spread: of
   *     10,000 sockets in 20 seconds, 500 come back each second
   */
  public void drain(Duration time) {
    stop(time, time);
  }

  /** Stops like {@link #drain}, but waits at most two seconds. Idempotent. */
  @Override
  public void close() {
    stop(config.drainTime(), CLOSE_WAIT);
  }

  private synchronized void stop(Duration spread, Duration wait) {
    if (state == State.CLOSED) {
      return;
    }
    boolean served = state == State.SERVING;
    state = State.DRAINING;
    if (served) {
      node.drain(spread, wait);
    }
    stopNode();
    state = State.CLOSED;
    log.info("Node {} has stopped", id());
  }

  /** Lets the process end, even if stopping fails. */
  private void stopNode() {
    try {
      node.stop();
    } finally {
      process.end();
    }
  }

  /**
   * Collects the parts and settings of a server. Only the authenticator is required; without stores
   * everything is kept in memory, for one process.
   *
   * <p>Every method checks its value at once and throws an {@link IllegalArgumentException} that
   * names the setting and its valid values. Of what the application passes in, the server closes
   * only the transport, which belongs to one server; stores and cluster stay open.
   *
   * <p>Not thread-safe. It may be used again after {@link #build}, which does not affect servers
   * that were built before.
   */
  public static final class Builder extends PartsBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The server, not started yet.
     *
     * @throws IllegalStateException when the authenticator is missing; when a transport is given
     *     together with TLS or PROXY headers, which are for the default one; or when PROXY headers
     *     are required and no proxy is trusted
     * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when the library of the default
     *     transport is missing, because the application excluded it
     */
    public RealtimeServer build() {
      return new RealtimeServer(config());
    }
  }
}
