package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Clients that watch users: the state now, then changes only; and what they may have missed.
 *
 * <p>Thread safety: any thread.
 */
final class PresenceWatchers {
  /** Lanes that take longer are stuck, and whom they serve hears nothing anyway. */
  private static final Duration CHANGES_UNDER_WAY = Duration.ofSeconds(5);

  private final PresenceAnswers answers;
  private final RefCountedChannels<UserId, WatchedUser> watches;
  private final GuardedPolicy policy;
  private final NodeContext context;
  private final int maxWatched;

  /** Which answers of the store are news to watchers, when they differ from what those know. */
  enum Trust {
    /** All. */
    ALL,
    /**
     * Those about users who are there: a store that lost its data knows too few, never too many.
     */
    PRESENCE
  }

  /**
   * @param policy who may be seen
   * @param context of its node, in whose lanes changes are on their way
   * @param maxWatched how many users one socket may watch
   */
  PresenceWatchers(
      PresenceAnswers answers,
      RefCountedChannels<UserId, WatchedUser> watches,
      GuardedPolicy policy,
      NodeContext context,
      int maxWatched) {
    this.context = context;
    this.answers = answers;
    this.watches = watches;
    this.policy = policy;
    this.maxWatched = maxWatched;
  }

  void register(MethodTable methods) {
    methods.register("presence.watch", this::watch);
    methods.register("presence.unwatch", this::unwatch);
  }

  private Answer watch(Session session, Params params) {
    WatchList list = WatchList.of(session);
    Set<UserId> asked = AskedUsers.of(session, params);
    synchronized (list) {
      Set<UserId> all = new HashSet<>(list.wanted);
      all.addAll(asked);
      if (all.size() > maxWatched) {
        throw new RealtimeException(
            ErrorCode.LIMIT_EXCEEDED,
            "a socket may watch " + maxWatched + " users; unwatch some first");
      }
      Set<UserId> visible = policy.visible(session.principal(), asked);
      list.wanted.addAll(asked);
      // Whom a recheck has yet to hide stays until then, but is not answered any more.
      Added added = hold(list, asked, visible);
      return new Answer(
          PresenceMethods.answer(added.known, asked), () -> joinStillSeen(session, list, added));
    }
  }

  /**
   * What was added to a list.
   *
   * @param known how those are present whom the socket may see
   * @param held those whom it did not see before
   * @param versions of what is known
   */
  private record Added(
      PresenceAnswers.Known known, Map<UserId, WatchedUser> held, Map<UserId, Long> versions) {}

  private Added hold(WatchList list, Set<UserId> asked, Set<UserId> visible) {
    List<UserId> news = visible.stream().filter(user -> !list.seen.contains(user)).toList();
    Map<UserId, WatchedUser> held = watches.acquire(news);
    list.seen.addAll(news);
    Map<UserId, Long> versions = WatchedUser.versions(held);
    List<UserId> shown = asked.stream().filter(visible::contains).toList();
    PresenceAnswers.Known known = answers.known(shown);
    known.compareWith(held, versions);
    return new Added(known, held, versions);
  }

  /** A recheck may have come between the question and the answer. */
  private void joinStillSeen(Session session, WatchList list, Added added) {
    synchronized (list) {
      added.held.forEach(
          (user, watched) -> {
            if (list.seen.contains(user)) {
              watched.join(session, added.versions.getOrDefault(user, 0L));
            } else if (list.wanted.contains(user)) {
              session.send(WatchedUser.event(Presence.offline(user, null)));
            }
          });
    }
  }

  private Answer unwatch(Session session, Params params) {
    WatchList list = WatchList.of(session);
    Set<UserId> ended = AskedUsers.of(session, params);
    synchronized (list) {
      list.wanted.removeAll(ended);
      leave(session, list, ended);
    }
    return Answer.EMPTY;
  }

  /** The socket is gone. */
  void closed(Session session) {
    WatchList list = WatchList.of(session);
    synchronized (list) {
      list.wanted.clear();
      leave(session, list, Set.copyOf(list.seen));
    }
  }

  private void leave(Session session, WatchList list, Collection<UserId> users) {
    for (UserId user : users) {
      if (list.seen.remove(user)) {
        WatchedUser watched = watches.get(user);
        if (watched != null) {
          watched.recipients().remove(session);
        }
        watches.release(user);
      }
    }
  }

  /**
   * Asks the policy again about everybody whom a socket watches: hides whom it may not see any
   * more, and shows whom it may see now. Blocks on the policy, and on the store when somebody is to
   * be shown.
   */
  void recheck(Session session) {
    WatchList list = WatchList.of(session);
    synchronized (list) {
      if (list.wanted.isEmpty()) {
        return;
      }
      Set<UserId> visible = policy.visibleOrNone(session.principal(), Set.copyOf(list.wanted));
      List<UserId> hidden = list.seen.stream().filter(user -> !visible.contains(user)).toList();
      leave(session, list, hidden);
      if (!hidden.isEmpty()) {
        awaitChangesUnderWay();
      }
      hidden.forEach(user -> session.send(WatchedUser.event(Presence.offline(user, null))));
      Set<UserId> shown = new HashSet<>(visible);
      shown.removeAll(list.seen);
      if (!shown.isEmpty()) {
        Added added = hold(list, shown, shown);
        added.known.presences().values().forEach(now -> session.send(WatchedUser.event(now)));
        joinStillSeen(session, list, added);
      }
    }
  }

  /** What was sent before somebody was hidden must not come after it. */
  private void awaitChangesUnderWay() {
    try {
      context.environment().threads().await(context.lanes().ticked(), CHANGES_UNDER_WAY);
    } catch (InterruptedException theNodeStops) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Asks the store about everybody who is watched here, and tells what watchers do not know yet.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store is unavailable
   */
  void look(Trust believe) {
    Map<UserId, WatchedUser> all = watches.all();
    Map<UserId, Long> versions = WatchedUser.versions(all);
    Map<UserId, Presence> news = new LinkedHashMap<>();
    answers
        .stored(all.keySet())
        .forEach(
            (user, presence) -> {
              WatchedUser watched = all.get(user);
              boolean believed =
                  believe == Trust.ALL || presence.status() != PresenceStatus.OFFLINE;
              if (believed && watched != null && !watched.knows(presence.status())) {
                news.put(user, presence);
              }
            });
    answers.fillLastSeen(news);
    WatchedUser.observe(all, news.values(), versions);
  }
}
