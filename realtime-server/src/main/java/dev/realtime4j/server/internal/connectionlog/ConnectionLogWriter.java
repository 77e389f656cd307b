package dev.realtime4j.server.internal.connectionlog;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import dev.realtime4j.server.internal.session.Welcome;
import dev.realtime4j.server.internal.store.StoreAccess;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the connection log behind a bounded queue: connecting never waits for it.
 *
 * <p>Overflow policy: the oldest entry is dropped, counted, and said so once for each outage.
 *
 * <p>Thread safety: any thread adds; {@link #flush} is called by one thread at a time.
 */
final class ConnectionLogWriter implements SessionLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLogWriter.class);
  private static final int BATCH = 500;
  private static final int MAX_WAITING = 100_000;

  private static final class Logged {
    private final AtomicReference<@Nullable ConnectionLogEntry> entry = new AtomicReference<>();
  }

  private final ConnectionLog store;
  private final StoreAccess access;
  private final ServerId server;
  private final InstantSource clock;
  private final Supplier<UUID> ids;
  private final int maxWaiting;
  private final Map<UUID, ConnectionLogEntry> waiting = new LinkedHashMap<>();
  private @Nullable Instant previousEnded;
  private int batchSize = BATCH;
  private long dropped;
  private volatile boolean away;
  private boolean dropping;

  /**
   * @param access the way to the store
   * @param ids makes UUIDv7
   */
  ConnectionLogWriter(
      ConnectionLog store,
      StoreAccess access,
      ServerId server,
      InstantSource clock,
      Supplier<UUID> ids) {
    this(store, access, server, clock, ids, MAX_WAITING);
  }

  /**
   * @param maxWaiting how many entries may wait
   */
  ConnectionLogWriter(
      ConnectionLog store,
      StoreAccess access,
      ServerId server,
      InstantSource clock,
      Supplier<UUID> ids,
      int maxWaiting) {
    this.store = store;
    this.access = access;
    this.server = server;
    this.clock = clock;
    this.ids = ids;
    this.maxWaiting = maxWaiting;
  }

  /**
   * What a previous incarnation of this node left open when it died is closed before anything is
   * written.
   *
   * @param ended when it died, as far as that is known
   */
  synchronized void closePreviousAt(Instant ended) {
    previousEnded = ended;
  }

  @Override
  public void opening(Session session, Welcome opening) {
    ConnectionLogEntry entry =
        new ConnectionLogEntry(
            ids.get(),
            session.userId(),
            server,
            session.id(),
            session.handshake().remoteAddress(),
            session.handshake().header("user-agent").orElse(null),
            session.connectedAt(),
            null,
            null,
            null);
    session.state(Logged.class, Logged::new).entry.set(entry);
    add(entry);
  }

  @Override
  public void closed(Session session, int code, String reason) {
    Logged logged = session.state(Logged.class, Logged::new);
    synchronized (this) {
      ConnectionLogEntry entry = logged.entry.getAndSet(null);
      if (entry != null) {
        add(entry.closed(clock.instant(), code, reason));
      }
    }
  }

  /** This node was taken for dead, and what it had open was closed for it: opens it again. */
  synchronized void writeAgain(Collection<Session> sessions) {
    for (Session session : sessions) {
      ConnectionLogEntry entry = session.state(Logged.class, Logged::new).entry.get();
      if (entry != null) {
        add(entry);
      }
    }
  }

  private synchronized void add(ConnectionLogEntry entry) {
    waiting.put(entry.id(), entry);
    if (waiting.size() > maxWaiting) {
      Iterator<UUID> oldest = waiting.keySet().iterator();
      oldest.next();
      oldest.remove();
      dropped++;
      if (!dropping) {
        dropping = true;
        log.warn("The connection log is behind by {} entries; the oldest are dropped", maxWaiting);
      }
    }
  }

  /** Whether what waits could not be written when that was tried last. */
  public boolean isStoreUnavailable() {
    return away;
  }

  /** How many entries wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** How many entries were dropped so far. */
  synchronized long dropped() {
    return dropped;
  }

  /** Writes what waits; what cannot be written now stays. */
  void flush() {
    try {
      closePrevious();
      for (List<ConnectionLogEntry> batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch);
      }
    } catch (RealtimeException e) {
      if (!away) {
        away = true;
        log.warn("The connection log cannot be written now: {}", e.getMessage());
      }
    }
  }

  private void closePrevious() {
    Instant ended;
    synchronized (this) {
      ended = previousEnded;
    }
    if (ended != null) {
      int closed = access.call(() -> store.closeServer(server, ended));
      if (closed > 0) {
        log.info("Closed {} connections that node {} left open when it died", closed, server);
      }
      synchronized (this) {
        previousEnded = null;
      }
    }
  }

  /** An entry that the store will never take does not hold up the others. */
  private void write(List<ConnectionLogEntry> batch) {
    try {
      access.run(() -> store.write(batch));
    } catch (RealtimeException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw e;
      }
      if (batch.size() > 1) {
        batchSize = 1;
        return;
      }
      log.warn("A connection log entry cannot be stored and is dropped", PrintableFailure.of(e));
    }
    written(batch);
  }

  private synchronized List<ConnectionLogEntry> next() {
    return waiting.values().stream().limit(batchSize).toList();
  }

  private synchronized void written(List<ConnectionLogEntry> batch) {
    List<ConnectionLogEntry> changed = new ArrayList<>();
    for (ConnectionLogEntry entry : batch) {
      ConnectionLogEntry now = waiting.remove(entry.id());
      if (now != null && now != entry) {
        changed.add(now);
      }
    }
    changed.forEach(entry -> waiting.put(entry.id(), entry));
    batchSize = Math.min(BATCH, batchSize * 2);
    dropping = false;
    if (away) {
      away = false;
      log.info("The connection log is written again; {} entries were dropped so far", dropped);
    }
  }
}
