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
 * A node: accepts clients, and gives the host notifications, presence and rooms.
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
 * <p>Lifecycle: {@link #start} once, then {@link #drain} or {@link #close} once; a closed server is
 * not started again. It ends every thread it made, and closes nothing that the host handed in but
 * the transport. Between the two it keeps the process alive, unless it was built as a {@linkplain
 * ProcessLifetime#DAEMON daemon}.
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
   * Opens the port and serves. A store that is unavailable does not hinder it: the server serves
   * what it can and goes on when the store is back. A store that lacks tables or rights does not
   * end it either: the {@linkplain #health health} is {@code NOT_READY}, with the remedy, until
   * that is done. Waits two seconds at most for the stores to say so.
   *
   * <p>From here on the server keeps the process alive until it is closed, also when {@code main}
   * returns; see {@link Builder#processLifetime}. When it cannot start it leaves no thread behind.
   *
   * @return this
   *     <p>Where a node of the same id has given a sign of life within the last {@code
   *     heartbeatInterval + presenceBuffer}, it waits for up to half of that time to see whether it
   *     still lives: one that has died is succeeded.
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

  /** What this node has counted; cheap, for the host's own metrics. */
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
   * Who may see whom, for an HTTP API beside the socket: the application's policy, so that
   * everybody sees themselves, and what it throws is {@code UNAVAILABLE}.
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
   * Removes every row of a user, in every table: notifications, what of them waits to be pushed,
   * idempotency keys, and the log of their connections. Who may be connected is to be {@linkplain
   * #disconnect disconnected} first: a connection is logged once more when it ends. Blocks on the
   * stores; repeating it is safe.
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
   * @param visitor called on the calling thread; what it throws ends the export
   * @throws RealtimeException {@code UNAVAILABLE} when a store is unavailable; what was handed over
   *     is not everything then
   */
  public void exportUser(UserId user, UserDataVisitor visitor) {
    userData.export(user, visitor);
  }

  /** Who is at the other end; for an HTTP API beside the socket. */
  public Authenticator authenticator() {
    return config.node().application().authenticator();
  }

  /**
   * Closes all sockets that a user has now, on all nodes: at once, and on a node that is cut off,
   * as soon as it is back, within 24 hours and by the nodes' clocks. They may come back; see {@link
   * #ban}. Writes to the cluster's store, on the calling thread; while that is unavailable the
   * sockets of this node are closed, the disconnect is kept in memory, and the other nodes are told
   * when it is back.
   *
   * @param reason at most 123 bytes of UTF-8; the client sees it
   */
  public void disconnect(UserId user, String reason) {
    node.bans().disconnect(user, reason);
  }

  /**
   * Closes all sockets of a user, on all nodes, and refuses them for a while, over HTTP as well:
   * also on a node that is cut off now, as soon as it is back, and on one that is started later.
   * Writes to the cluster's store, on the calling thread; while that is unavailable the ban holds
   * where it was heard, is stored when it is back, and the other nodes are told then.
   *
   * @param time from now on; a longer ban of before stays
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

  /** {@inheritDoc} Unlike {@link #publish} it asks the cluster's store, and waits for it. */
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
   * Stops without losing anything: refuses newcomers, tells each client when to come back, closes
   * with 1012, writes what is queued, then stops.
   *
   * @param time how long it may take, and over how long the clients are spread: of 10,000 sockets
   *     and 20 seconds come 500 back in each second
   */
  public void drain(Duration time) {
    stop(time, time);
  }

  /** Stops as {@link #drain} does, but waits two seconds at most. Idempotent. */
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

  /** Whatever goes wrong in it, the process may end. */
  private void stopNode() {
    try {
      node.stop();
    } finally {
      process.end();
    }
  }

  /**
   * Collects what a server is made of. Only the authenticator is required; without stores
   * everything is kept in memory, for one process.
   *
   * <p>Every method checks its value at once and throws {@link IllegalArgumentException} that names
   * the setting and what it takes. What the host hands in (stores, cluster, transport) is never
   * closed by the server, but for the transport, which one server uses alone.
   *
   * <p>Not thread-safe. It may be used on after {@link #build}: a server that was built does not
   * change any more.
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
     * @throws IllegalStateException when the authenticator is missing, or both a transport and TLS
     *     or PROXY headers for the default one are given, or PROXY headers and no trusted proxy
     * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when the library of the default
     *     transport is missing, because the application excluded it
     */
    public RealtimeServer build() {
      return new RealtimeServer(config());
    }
  }
}
