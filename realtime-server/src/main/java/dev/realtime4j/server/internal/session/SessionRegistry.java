package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open sockets of this node.
 *
 * <p>Thread safety: any thread.
 */
public final class SessionRegistry {
  /** Why a socket is closed with {@link dev.realtime4j.api.CloseCode#REPLACED}. */
  public static final String TOO_MANY = "replaced: too many sockets of this user";

  private final ConcurrentHashMap<SocketId, Session> sessions = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UserId, List<Session>> byUser = new ConcurrentHashMap<>();
  private final AtomicInteger unfinished = new AtomicInteger();

  /** Somebody waits for it; guarded by this. */
  private @Nullable CompletableFuture<@Nullable Void> emptied;

  /**
   * Adds a session.
   *
   * @return the user's oldest session when they have more than so many now; null when they have not
   */
  @Nullable Session add(Session session, int maxPerUser) {
    sessions.put(session.id(), session);
    unfinished.incrementAndGet();
    List<Session> own =
        byUser.merge(
            session.userId(),
            List.of(session),
            (old, one) -> Stream.concat(old.stream(), one.stream()).toList());
    return own.size() > maxPerUser ? own.get(0) : null;
  }

  void remove(Session session) {
    sessions.remove(session.id());
    byUser.computeIfPresent(
        session.userId(),
        (user, old) -> {
          List<Session> left = old.stream().filter(other -> other != session).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** A session is gone, and every feature knows. */
  void finished() {
    if (unfinished.decrementAndGet() == 0) {
      synchronized (this) {
        if (emptied != null) {
          emptied.complete(null);
          emptied = null;
        }
      }
    }
  }

  /** Done when every session is gone and every feature knows. */
  public synchronized Future<?> emptied() {
    if (unfinished.get() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    if (emptied == null) {
      emptied = new CompletableFuture<>();
    }
    return emptied;
  }

  /** All sessions. */
  public Collection<Session> all() {
    return sessions.values();
  }

  /** The sessions of a user, oldest first. */
  public List<Session> of(UserId user) {
    return byUser.getOrDefault(user, List.of());
  }

  /** The users who have a session here. */
  public Set<UserId> users() {
    return byUser.keySet();
  }

  /** How many sessions there are. */
  public int size() {
    return sessions.size();
  }
}
