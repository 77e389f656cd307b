package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Sync;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings clients what they missed: at connect from the cursor that they come with, and on live
 * sockets from the one that this node keeps for each of them. Two sockets of a user may be at
 * different places, so a cursor belongs to a socket.
 *
 * <p>A socket is registered for live pushes before its catch-up is read, and its outbox is held
 * until what it missed is in front. A socket that opens while the store is away is owed its
 * catch-up.
 *
 * <p>Thread safety: any thread.
 */
final class CatchUp implements SessionFeature, UserChannel.Gate {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

  /** So many users share one query of a sweep. */
  private static final int USERS_PER_QUERY = 200;

  private final NotificationRepository store;
  private final int maxMissed;
  private final int maxBytes;
  private final BooleanSupplier storeAway;

  /** What the client of each open socket has everything before. */
  private final ConcurrentHashMap<Session, Optional<SyncCursor>> cursors =
      new ConcurrentHashMap<>();

  private final Set<Session> owed = ConcurrentHashMap.newKeySet();
  private volatile boolean brokenOff;

  /**
   * @param maxMissed more missed than this is a resync
   * @param maxBytes more missed than this, in bytes on the wire, is a resync as well
   * @param storeAway whether the store is known to be away, so that sockets open without it
   */
  CatchUp(NotificationRepository store, int maxMissed, int maxBytes, BooleanSupplier storeAway) {
    this.store = store;
    this.maxMissed = maxMissed;
    this.maxBytes = maxBytes;
    this.storeAway = storeAway;
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
      cursors.put(session, since.flatMap(CatchUp::cursor));
      owed.add(session);
      opening.put("unread", null);
      opening.put("missed", since.isPresent() ? 0 : null);
      opening.put("cursor", since.orElse(null));
    }
  }

  private void open(Session session, @Nullable String since, Opening opening) {
    UserId user = session.userId();
    Optional<SyncCursor> cursor = Optional.ofNullable(since).flatMap(CatchUp::cursor);
    Sync sync = store.sync(Map.of(user, cursor), maxMissed).get(user);
    if (sync == null) {
      throw RealtimeException.unavailable("the store answered no sync for user " + user, null);
    }
    UnreadCount unread = store.unreadCount(user);
    boolean isUnreadable = since != null && cursor.isEmpty();
    Missed missed = Missed.of(isUnreadable ? Sync.resync(sync.cursor(), null) : sync, maxBytes);
    opening.put("unread", NotificationJson.of(unread));
    opening.put("missed", since == null ? null : missed.size());
    opening.put("cursor", missed.cursor());
    missed.events(unread).forEach(opening::follow);
    missed.ids().forEach(Delivered.of(session)::add);
    cursors.put(session, Optional.of(missed.cursor()));
  }

  /** A cursor that cannot be one of ours is answered like an unknown one. */
  private static Optional<SyncCursor> cursor(String since) {
    try {
      return Optional.of(new SyncCursor(since));
    } catch (RealtimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void closed(Session session, int code, String reason) {
    cursors.remove(session);
    owed.remove(session);
  }

  /** What a sweep has brought, or the relay pushes once more, goes to a socket once. */
  @Override
  public boolean passes(Session session, String label) {
    return Delivered.of(session).add(label);
  }

  /** After a gap of the bus: brings every socket what it missed, and is silent to the others. */
  void closeGap() {
    sweep(cursors.keySet(), owed::contains);
  }

  /** Now and then: looks whether a push was lost, and gives every socket its new cursor. */
  void check() {
    sweep(cursors.keySet(), session -> true);
  }

  /** Catches up those that could not be, as the store was away; does nothing when nobody is. */
  void payOwed() {
    if (brokenOff) {
      closeGap();
    } else if (!owed.isEmpty()) {
      sweep(owed, session -> true);
    }
  }

  /**
   * @param isTold who hears of his new cursor also when he missed nothing
   */
  private synchronized void sweep(Collection<Session> sessions, Predicate<Session> isTold) {
    brokenOff = false;
    try {
      List<Session> left = List.copyOf(sessions);
      while (!left.isEmpty()) {
        Map<UserId, Session> some = new HashMap<>();
        List<Session> later = new ArrayList<>();
        for (Session session : left) {
          if (some.size() == USERS_PER_QUERY
              || some.putIfAbsent(session.userId(), session) != null) {
            later.add(session);
          }
        }
        sweep(some, isTold);
        left = later;
      }
    } catch (RealtimeException e) {
      brokenOff = true;
      log.debug("A sweep has to wait: {}", e.getMessage());
    }
  }

  private void sweep(Map<UserId, Session> sessions, Predicate<Session> isTold) {
    Map<UserId, Optional<SyncCursor>> asked = new HashMap<>();
    sessions.forEach(
        (user, session) -> asked.put(user, cursors.getOrDefault(session, Optional.empty())));
    Map<Session, Missed> missed = new HashMap<>();
    List<UserId> counted = new ArrayList<>();
    store
        .sync(asked, maxMissed)
        .forEach(
            (user, sync) -> {
              Session session = sessions.get(user);
              Missed rows = Missed.of(sync, maxBytes);
              missed.put(session, rows);
              if (rows.isAny() || isTold.test(session)) {
                counted.add(user);
              }
            });
    Map<UserId, UnreadCount> unread = store.unreadCounts(counted);
    missed.forEach(
        (session, rows) -> {
          UnreadCount count = unread.get(session.userId());
          if (count != null) {
            rows.bringTo(session, count, isTold.test(session));
          }
          cursors.computeIfPresent(session, (key, old) -> Optional.of(rows.cursor()));
          owed.remove(session);
        });
  }
}
