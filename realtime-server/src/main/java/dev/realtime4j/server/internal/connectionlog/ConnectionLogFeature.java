package dev.realtime4j.server.internal.connectionlog;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.Welcome;
import dev.realtime4j.server.internal.store.StoreGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The connection log, put together: the door of this package.
 *
 * <p>Thread safety: any thread.
 */
public final class ConnectionLogFeature implements Feature {
  /** The metric: how many entries were dropped. */
  public static final String DROPPED = "connection_log.dropped";

  /** Has no connections. */
  private static final UserId NOBODY = new UserId(new UUID(-1, -1));

  /** An answer about users who are offline is given without the time after so long. */
  private static final Duration LAST_SEEN = Duration.ofSeconds(1);

  /** Closing what a dead node left open: the guard ends it before that when the store is down. */
  private static final Duration CLOSING = Duration.ofMinutes(1);

  private final ConnectionLog store;
  private final StoreGuard guard;
  private final ConnectionLogWriter writer;
  private final NodeContext context;
  private final Instant begun;

  /**
   * @param ids makes UUIDv7
   */
  public ConnectionLogFeature(ConnectionLog store, Supplier<UUID> ids, NodeContext context) {
    this.store = store;
    this.context = context;
    this.guard =
        new StoreGuard(
            "the connection log",
            "connection-log",
            context.environment(),
            () -> store.connections(NOBODY, PageRequest.first(1)),
            StoreGuard.Listener.NONE); // The writer tells of it.
    this.writer = new ConnectionLogWriter(store, guard, context.id(), context.clock(), ids);
    this.begun = context.clock().instant();
  }

  /**
   * When users were last seen.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store does not say it soon
   */
  public Map<UserId, Instant> lastSeen(Collection<UserId> users) {
    return guard.within(LAST_SEEN, () -> store.lastSeen(users));
  }

  @Override
  public void start() {
    guard.watch(context.timer());
  }

  @Override
  public void opening(Session session, Welcome opening) {
    writer.opening(session, opening);
  }

  @Override
  public void closed(Session session, int code, String reason) {
    writer.closed(session, code, reason);
  }

  @Override
  public void schedule(Ticks ticks) {
    ticks.every(Duration.ofMillis(200), "The connection log", writer::flush);
  }

  @Override
  public void onJoined(Optional<Instant> previousEnded) {
    writer.closePreviousAt(previousEnded.orElse(begun));
  }

  @Override
  public void onNodeDead(DeadServer dead) {
    guard.within(CLOSING, () -> store.closeServer(dead.server(), dead.lastSeen()));
  }

  @Override
  public void onStateLost() {
    writer.writeAgain(context.sessions().all());
  }

  @Override
  public void onFalseSuspicion() {
    writer.writeAgain(context.sessions().all());
  }

  @Override
  public void close() {
    writer.flush();
    guard.close();
  }

  @Override
  public void leave() {
    int waiting = writer.waiting();
    if (waiting > 0) {
      throw RealtimeException.unavailable(
          waiting + " entries of the connection log could not be written", null);
    }
    guard.call(() -> store.closeServer(context.id(), context.clock().instant()));
  }

  @Override
  public DurableStore durableStore() {
    return new DurableStore(Components.CONNECTION_LOG, store, store, List.of());
  }

  @Override
  public Map<String, Boolean> components() {
    return Map.of(Components.CONNECTION_LOG, !writer.isStoreUnavailable() && !guard.isOpen());
  }

  @Override
  public Map<String, Long> metrics() {
    return Map.of(DROPPED, writer.dropped());
  }
}
