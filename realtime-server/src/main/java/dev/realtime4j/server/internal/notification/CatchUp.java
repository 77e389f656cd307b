package dev.realtime4j.server.internal.notification;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.protocol.NotificationJson;
import dev.realtime4j.server.internal.session.OpeningSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionLifecycle;
import dev.realtime4j.server.internal.session.Welcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings clients what they missed: at connect from the cursor that they come with, and on live
 * sockets from the one that this node keeps for each of them. Two sockets of a user may be at
 * different places, so a cursor belongs to a socket.
 *
 * <p>A socket is registered for live pushes before its catch-up is read, and its outbox is held
 * until what it missed is in front. The catch-up of a socket that opens while the store is
 * unavailable comes later.
 *
 * <p>Thread safety: any thread.
 */
final class CatchUp implements SessionLifecycle {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

  /** So many users share one query. */
  private static final int USERS_PER_QUERY = 200;

  private final NotificationCatchUp store;
  private final NotificationQueries queries;
  private final int maxMissed;
  private final int maxBytes;
  private final Function<Supplier<Read>, Read> bounded;

  /** What the client of each open socket has everything before. */
  private final ConcurrentHashMap<Session, Optional<SyncCursor>> cursors =
      new ConcurrentHashMap<>();

  /** What some users missed, and how much they have not read. */
  record Read(Map<UserId, SyncResult> missed, Map<UserId, UnreadCount> unread) {}

  private final Set<Session> deferred = ConcurrentHashMap.newKeySet();
  private volatile boolean brokenOff;

  /**
   * @param queries counts what is unread
   * @param maxMissed more missed than this is a resync
   * @param maxBytes more missed than this, in bytes on the wire, is a resync as well
   * @param bounded reads what opening sockets missed, and fails when that takes too long
   */
  CatchUp(
      NotificationCatchUp store,
      NotificationQueries queries,
      int maxMissed,
      int maxBytes,
      Function<Supplier<Read>, Read> bounded) {
    this.store = store;
    this.queries = queries;
    this.maxMissed = maxMissed;
    this.maxBytes = maxBytes;
    this.bounded = bounded;
  }

  @Override
  public void opening(List<OpeningSession> arrivals) {
    List<OpeningSession> there =
        arrivals.stream().filter(arrival -> !arrival.session().isClosed()).toList();
    inQueries(there, OpeningSession::session, this::openAll);
  }

  private void openAll(Map<UserId, OpeningSession> arrivals) {
    try {
      open(arrivals);
    } catch (RealtimeException e) {
      if (arrivals.size() > 1 && e.code() != ErrorCode.UNAVAILABLE) {
        // Whoever it is by, the others are not to have it.
        arrivals.forEach((user, arrival) -> openAll(Map.of(user, arrival)));
        return;
      }
      log.debug("{} sockets open without a catch-up: {}", arrivals.size(), e.getMessage());
      arrivals.values().forEach(this::defer);
    }
  }

  private void defer(OpeningSession arrival) {
    Session session = arrival.session();
    Optional<String> since = since(session);
    cursors.put(session, since.flatMap(CatchUp::cursor));
    deferred.add(session);
    arrival.welcome().put("unread", null);
    arrival.welcome().put("missed", since.isPresent() ? 0 : null);
    arrival.welcome().put("cursor", since.orElse(null));
  }

  private void open(Map<UserId, OpeningSession> arrivals) {
    Map<UserId, Optional<SyncCursor>> asked = new HashMap<>();
    arrivals.forEach(
        (user, arrival) -> asked.put(user, since(arrival.session()).flatMap(CatchUp::cursor)));
    Read read =
        bounded.apply(
            () -> new Read(store.sync(asked, maxMissed), queries.unreadCounts(asked.keySet())));
    arrivals.forEach(
        (user, arrival) -> {
          SyncResult sync = read.missed.get(user);
          UnreadCount count = read.unread.get(user);
          if (sync == null || count == null) {
            log.warn("The store answered no catch-up for user {}", user);
            defer(arrival);
          } else {
            open(arrival, sync, count);
          }
        });
  }

  private void open(OpeningSession arrival, SyncResult sync, UnreadCount unread) {
    Session session = arrival.session();
    Welcome opening = arrival.welcome();
    Optional<String> since = since(session);
    boolean isUnreadable = since.isPresent() && since.flatMap(CatchUp::cursor).isEmpty();
    Missed missed =
        Missed.of(isUnreadable ? SyncResult.resync(sync.cursor(), null) : sync, maxBytes);
    opening.put("unread", NotificationJson.of(unread));
    opening.put("missed", since.isEmpty() ? null : missed.size());
    opening.put("cursor", missed.cursor());
    missed.events(unread).forEach(opening::follow);
    missed.ids().forEach(RecentlyDelivered.of(session)::add);
    cursors.put(session, Optional.of(missed.cursor()));
  }

  private static Optional<String> since(Session session) {
    return session.handshake().query("since");
  }

  /** A cursor that cannot be one of ours is answered like an unknown one. */
  private static Optional<SyncCursor> cursor(String since) {
    try {
      return Optional.of(new SyncCursor(since));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  @Override
  public void closed(Session session, int code, String reason) {
    cursors.remove(session);
    deferred.remove(session);
  }

  /** After a gap of the bus: brings every socket what it missed, and is silent to the others. */
  void closeGap() {
    sweep(cursors.keySet(), deferred::contains);
  }

  /** Now and then: looks whether a push was lost, and gives every socket its new cursor. */
  void check() {
    sweep(cursors.keySet(), session -> true);
  }

  /**
   * Catches up those that could not be, as the store was unavailable; does nothing when nobody is.
   */
  void retryDeferred() {
    if (brokenOff) {
      closeGap();
    } else if (!deferred.isEmpty()) {
      sweep(deferred, session -> true);
    }
  }

  /**
   * @param isTold who hears of their new cursor also when they missed nothing
   */
  private synchronized void sweep(Collection<Session> sessions, Predicate<Session> isTold) {
    brokenOff = false;
    try {
      inQueries(List.copyOf(sessions), session -> session, some -> sweep(some, isTold));
    } catch (RealtimeException e) {
      brokenOff = true;
      log.debug("A sweep has to wait: {}", e.getMessage());
    }
  }

  /** A query answers for many users, and for each of them once. */
  private static <T> void inQueries(
      Collection<T> all, Function<T, Session> session, Consumer<Map<UserId, T>> query) {
    Collection<T> left = all;
    while (!left.isEmpty()) {
      Map<UserId, T> some = new HashMap<>();
      List<T> later = new ArrayList<>();
      for (T one : left) {
        if (some.size() == USERS_PER_QUERY
            || some.putIfAbsent(session.apply(one).userId(), one) != null) {
          later.add(one);
        }
      }
      query.accept(some);
      left = later;
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
    Map<UserId, UnreadCount> unread = queries.unreadCounts(counted);
    missed.forEach(
        (session, rows) -> {
          UnreadCount count = unread.get(session.userId());
          if (count != null) {
            rows.bringTo(session, count, isTold.test(session));
          }
          cursors.computeIfPresent(session, (key, old) -> Optional.of(rows.cursor()));
          deferred.remove(session);
        });
  }
}
