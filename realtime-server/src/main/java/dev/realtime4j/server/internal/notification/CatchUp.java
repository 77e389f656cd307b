package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Sync;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings clients what they missed: at connect from their own cursor, and on live sockets from the
 * cursor that this node keeps for each of its users.
 *
 * <p>A socket is registered for live pushes before its catch-up is read, and its outbox is held
 * until what it missed is in front.
 *
 * <p>Thread safety: any thread opens and closes; {@link #sweep} is called by one thread at a time.
 */
final class CatchUp implements SessionFeature, UserChannel.Tap {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

  /** So many users share one query of a sweep. */
  private static final int USERS_PER_QUERY = 200;

  /** Whether a sweep tells sockets of their new cursor when nothing was missing. */
  enum Report {
    /** Every socket hears {@code notification.synced}. */
    EVERYBODY,
    /** Only those that missed something. */
    ONLY_MISSED
  }

  private final NotificationRepository store;
  private final SessionRegistry registry;
  private final int maxMissed;
  private final int maxBytes;
  private final ConcurrentHashMap<UserId, Optional<SyncCursor>> cursors = new ConcurrentHashMap<>();
  private final BooleanSupplier storeAway;
  private volatile boolean owing;

  /**
   * @param maxMissed more missed than this is a resync
   * @param maxBytes more missed than this, in bytes on the wire, is a resync as well
   * @param storeAway whether the store is known to be away, so that sockets open without it
   */
  CatchUp(
      NotificationRepository store,
      SessionRegistry registry,
      int maxMissed,
      int maxBytes,
      BooleanSupplier storeAway) {
    this.storeAway = storeAway;
    this.store = store;
    this.registry = registry;
    this.maxMissed = maxMissed;
    this.maxBytes = maxBytes;
  }

  @Override
  public void opening(Session session, Opening opening) {
    Optional<String> since = session.handshake().query("since");
    try {
      if (storeAway.getAsBoolean()) {
        throw RealtimeException.unavailable("the notification store is away", null);
      }
      open(session, since.orElse(null), opening);
    } catch (RealtimeException e) {
      log.debug("Socket {} opens without a catch-up: {}", session.id(), e.getMessage());
      owing = true;
      cursors.putIfAbsent(session.userId(), since.flatMap(CatchUp::cursor));
      opening.put("unread", null);
      opening.put("missed", since.isPresent() ? 0 : null);
      opening.put("cursor", since.orElse(null));
    }
  }

  private void open(Session session, @Nullable String since, Opening opening) {
    UserId user = session.userId();
    Optional<SyncCursor> cursor = Optional.ofNullable(since).flatMap(CatchUp::cursor);
    Sync sync = syncOne(user, cursor);
    UnreadCount unread = store.unreadCount(user);
    List<byte[]> missed = events(sync);
    boolean resync = since != null && (cursor.isEmpty() || isResync(sync, missed));
    cursors.putIfAbsent(user, Optional.of(sync.cursor()));
    opening.put("unread", NotificationJson.of(unread));
    opening.put("missed", since == null ? null : resync ? 0 : missed.size());
    opening.put("cursor", sync.cursor());
    if (resync) {
      opening.follow(NotificationEvents.resync(sync.cursor(), unread));
    } else {
      missed.forEach(opening::follow);
    }
  }

  /** A cursor that cannot be one of ours is answered like an unknown one. */
  private static Optional<SyncCursor> cursor(String since) {
    try {
      return Optional.of(new SyncCursor(since));
    } catch (RealtimeException e) {
      return Optional.empty();
    }
  }

  private Sync syncOne(UserId user, Optional<SyncCursor> cursor) {
    Sync sync = store.sync(Map.of(user, cursor), maxMissed).get(user);
    if (sync == null) {
      throw RealtimeException.unavailable("the store answered no sync for user " + user, null);
    }
    return sync;
  }

  private static List<byte[]> events(Sync sync) {
    return sync.missed().stream().map(NotificationEvents::created).toList();
  }

  private boolean isResync(Sync sync, List<byte[]> events) {
    return sync.outcome() == Sync.Outcome.RESYNC
        || events.stream().mapToLong(event -> event.length).sum() > maxBytes;
  }

  @Override
  public void closed(Session session, int code, String reason) {
    UserId user = session.userId();
    cursors.computeIfPresent(user, (key, cursor) -> registry.of(user).isEmpty() ? null : cursor);
  }

  @Override
  public void sent(Session session, String label) {
    session.state(Delivered.class, Delivered::new).add(label);
  }

  /** Whether a socket opened without its catch-up, because the store was away. */
  boolean isOwing() {
    return owing;
  }

  /** Catches all sockets of this node up; a store that is away leaves it owing. */
  void sweep(Report report) {
    List<UserId> users = new ArrayList<>(cursors.keySet());
    owing = false;
    for (int from = 0; from < users.size(); from += USERS_PER_QUERY) {
      List<UserId> some = users.subList(from, Math.min(from + USERS_PER_QUERY, users.size()));
      try {
        sweep(some, report);
      } catch (RealtimeException e) {
        owing = true;
        log.debug("A sweep has to wait: {}", e.getMessage());
        return;
      }
    }
  }

  private void sweep(List<UserId> users, Report report) {
    Map<UserId, Optional<SyncCursor>> asked = new HashMap<>();
    for (UserId user : users) {
      Optional<SyncCursor> cursor = cursors.get(user);
      if (cursor != null) {
        asked.put(user, cursor);
      }
    }
    store.sync(asked, maxMissed).forEach((user, sync) -> bring(user, sync, report));
  }

  private void bring(UserId user, Sync sync, Report report) {
    List<Session> sessions = registry.of(user);
    List<byte[]> events = events(sync);
    if (isResync(sync, events)) {
      byte[] resync = NotificationEvents.resync(sync.cursor(), store.unreadCount(user));
      sessions.forEach(session -> session.send(resync));
    } else {
      int sent = 0;
      for (Session session : sessions) {
        Delivered delivered = session.state(Delivered.class, Delivered::new);
        for (int i = 0; i < events.size(); i++) {
          Notification notification = sync.missed().get(i);
          if (delivered.add(notification.id().toString())) {
            session.send(events.get(i));
            sent++;
          }
        }
      }
      if (sent > 0 || report == Report.EVERYBODY) {
        byte[] synced = NotificationEvents.synced(sync.cursor(), store.unreadCount(user));
        sessions.forEach(session -> session.send(synced));
      }
    }
    cursors.computeIfPresent(user, (key, old) -> Optional.of(sync.cursor()));
  }
}
