package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.server.internal.cluster.HeldChannels;
import dev.realtime4j.server.internal.session.Answer;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.Params;
import dev.realtime4j.server.internal.session.Session;
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
final class Watching {
  private final PresenceService service;
  private final HeldChannels<UserId, Watched> watches;
  private final int maxWatched;

  /** Which answers of the store are news to watchers, when they differ from what those know. */
  enum Believe {
    /** All. */
    ALL,
    /**
     * Those about users who are there: a store that lost its data knows too few, never too many.
     */
    PRESENCE
  }

  private static final class Watches {
    private final Set<UserId> users = new HashSet<>();
  }

  /**
   * @param maxWatched how many users one socket may watch
   */
  Watching(PresenceService service, HeldChannels<UserId, Watched> watches, int maxWatched) {
    this.service = service;
    this.watches = watches;
    this.maxWatched = maxWatched;
  }

  void register(MethodTable methods) {
    methods.register("presence.watch", this::watch);
    methods.register("presence.unwatch", this::unwatch);
  }

  private Answer watch(Session session, Params params) {
    Set<UserId> own = own(session);
    Set<UserId> asked = params.userIds(Integer.MAX_VALUE);
    List<UserId> added = asked.stream().filter(user -> !own.contains(user)).toList();
    if (own.size() + added.size() > maxWatched) {
      throw new RealtimeException(
          ErrorCode.LIMIT_EXCEEDED,
          "a socket may watch " + maxWatched + " users; unwatch some first");
    }
    Map<UserId, Watched> held = watches.hold(added);
    own.addAll(added);
    Map<UserId, Long> versions = Watched.versions(held);
    PresenceService.Known known = service.known(asked);
    known.compareWith(held, versions);
    return new Answer(
        PresenceMethods.answer(known),
        () ->
            held.forEach(
                (user, watched) -> watched.join(session, versions.getOrDefault(user, 0L))));
  }

  private Answer unwatch(Session session, Params params) {
    Set<UserId> own = own(session);
    Set<UserId> ended = new HashSet<>(params.userIds(Integer.MAX_VALUE));
    ended.retainAll(own);
    leave(session, ended);
    own.removeAll(ended);
    return Answer.EMPTY;
  }

  /** The socket is gone. */
  void closed(Session session) {
    leave(session, own(session));
  }

  private void leave(Session session, Collection<UserId> users) {
    for (UserId user : users) {
      Watched watched = watches.get(user);
      if (watched != null) {
        watched.audience().remove(session);
      }
      watches.release(user);
    }
  }

  private static Set<UserId> own(Session session) {
    return session.state(Watches.class, Watches::new).users;
  }

  /**
   * Asks the store about everybody who is watched here, and tells what watchers do not know yet.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store is away
   */
  void look(Believe believe) {
    Map<UserId, Watched> all = watches.all();
    Map<UserId, Long> versions = Watched.versions(all);
    Map<UserId, Presence> news = new LinkedHashMap<>();
    service
        .stored(all.keySet())
        .forEach(
            (user, presence) -> {
              Watched watched = all.get(user);
              boolean believed =
                  believe == Believe.ALL || presence.status() != PresenceStatus.OFFLINE;
              if (believed && watched != null && !watched.knows(presence.status())) {
                news.put(user, presence);
              }
            });
    service.fillLastSeen(news);
    Watched.observe(all, news.values(), versions);
  }
}
