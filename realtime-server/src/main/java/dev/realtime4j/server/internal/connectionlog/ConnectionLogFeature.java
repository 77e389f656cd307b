package dev.realtime4j.server.internal.connectionlog;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.Welcome;
import java.time.Duration;
import java.time.Instant;
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

  private final ConnectionLog store;
  private final ConnectionLogWriter writer;
  private final NodeContext context;
  private final Instant begun;

  /**
   * @param ids makes UUIDv7
   */
  public ConnectionLogFeature(ConnectionLog store, Supplier<UUID> ids, NodeContext context) {
    this.store = store;
    this.context = context;
    this.writer = new ConnectionLogWriter(store, context.id(), context.clock(), ids);
    this.begun = context.clock().instant();
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
    store.closeServer(dead.server(), dead.lastSeen());
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
  }

  @Override
  public void leave() {
    int waiting = writer.waiting();
    if (waiting > 0) {
      throw RealtimeException.unavailable(
          waiting + " entries of the connection log could not be written", null);
    }
    store.closeServer(context.id(), context.clock().instant());
  }

  @Override
  public DurableStore durableStore() {
    return new DurableStore(Components.CONNECTION_LOG, store, store, List.of());
  }

  @Override
  public Map<String, Boolean> components() {
    return Map.of(Components.CONNECTION_LOG, !writer.isStoreAway());
  }

  @Override
  public Map<String, Long> metrics() {
    return Map.of(DROPPED, writer.dropped());
  }
}
