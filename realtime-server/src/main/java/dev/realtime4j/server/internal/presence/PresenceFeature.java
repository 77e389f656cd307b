package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.protocol.PresenceJson;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.session.Answer;
import dev.realtime4j.server.internal.session.Lanes;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Params;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Presence, put together: sockets that come and go, the methods that clients call, and the ticks.
 *
 * <p>Thread safety: any thread, but for the ticks, which one thread at a time calls.
 */
public final class PresenceFeature implements SessionFeature {
  private static final int ASKED_AT_ONCE = 200;
  private static final int REAPED_AT_ONCE = 1000;

  private final Settings settings;
  private final PresenceStore store;
  private final ServerId server;
  private final WatchTable watches;
  private final PresenceService service;
  private volatile boolean gap;
  private volatile Duration awayForDrain = Duration.ZERO;

  /**
   * What can be set.
   *
   * @param ttl how long a socket counts without a refresh
   * @param grace how long a user stays present after the last clean close
   * @param maxWatched how many users one socket may watch
   */
  public record Settings(Duration ttl, Duration grace, int maxWatched) {}

  private static final class Watches {
    private final Set<UserId> users = new HashSet<>();
  }

  /**
   * @param settings of this feature
   * @param connectionLog knows when users were last seen
   * @param workers run the host's listeners
   */
  public PresenceFeature(
      Settings settings,
      PresenceStore store,
      ConnectionLog connectionLog,
      ServerId server,
      NodeBus bus,
      SessionRegistry registry,
      InstantSource clock,
      Lanes lanes,
      Executor workers) {
    this.settings = settings;
    this.store = store;
    this.server = server;
    this.watches =
        new WatchTable(bus, user -> new Watched(user, lanes, new HostCalls(workers)::call));
    this.service =
        new PresenceService(
            store, connectionLog, new LocalPresence(registry, clock), watches, server);
    bus.onGap(() -> gap = true);
  }

  /** What a host calls. */
  public Presences presences() {
    return service;
  }

  /** Adds the methods that clients call. */
  public void register(MethodTable methods) {
    methods.register("presence.set", this::set);
    methods.register("presence.get", this::get);
    methods.register("presence.watch", this::watch);
    methods.register("presence.unwatch", this::unwatch);
  }

  @Override
  public void opening(Session session, Opening opening) {
    if (service.isAway()) {
      return; // Written by the refresh that follows the store's return.
    }
    try {
      store.connected(session.userId(), server, session.id(), settings.ttl);
    } catch (RealtimeException e) {
      service.missed(e);
    }
  }

  @Override
  public void closed(Session session, int code, String reason) {
    Set<UserId> users = session.state(Watches.class, Watches::new).users;
    leave(session, users);
    if (service.isAway()) {
      return; // What the store still holds expires.
    }
    try {
      store.disconnected(session.userId(), server, session.id(), settings.grace.plus(awayForDrain));
    } catch (RealtimeException e) {
      service.missed(e);
    }
  }

  private Answer set(Session session, Params params) {
    PresenceStatus status = PresenceJson.status(params.string("status"));
    store.connected(session.userId(), server, session.id(), settings.ttl);
    return Answer.of(PresenceJson.of(service.set(session.userId(), status)));
  }

  private Answer get(Session session, Params params) {
    return Answer.of(answer(service.known(params.userIds(ASKED_AT_ONCE))));
  }

  private static Json answer(PresenceService.Known known) {
    List<Json> presences = known.presences().values().stream().map(PresenceJson::of).toList();
    return known.freshness() == PresenceService.Freshness.STALE
        ? Json.object("presences", presences, "stale", true)
        : Json.object("presences", presences);
  }

  private Answer watch(Session session, Params params) {
    Set<UserId> own = session.state(Watches.class, Watches::new).users;
    Set<UserId> asked = params.userIds(settings.maxWatched);
    List<UserId> added = asked.stream().filter(user -> !own.contains(user)).toList();
    if (own.size() + added.size() > settings.maxWatched) {
      throw new RealtimeException(
          ErrorCode.LIMIT_EXCEEDED,
          "a socket may watch " + settings.maxWatched + " users; unwatch some first");
    }
    Map<UserId, Watched> held = watches.hold(added);
    own.addAll(added);
    Map<UserId, Long> versions = versions(held);
    PresenceService.Known known = service.known(asked);
    observe(held, known, versions);
    return new Answer(
        answer(known),
        () ->
            held.forEach(
                (user, watched) -> watched.join(session, versions.getOrDefault(user, 0L))));
  }

  private Answer unwatch(Session session, Params params) {
    Set<UserId> own = session.state(Watches.class, Watches::new).users;
    Set<UserId> ended = new HashSet<>(params.userIds(settings.maxWatched));
    ended.retainAll(own);
    leave(session, ended);
    own.removeAll(ended);
    return Answer.EMPTY;
  }

  private void leave(Session session, Collection<UserId> users) {
    Map<UserId, Watched> all = watches.all();
    for (UserId user : users) {
      Watched watched = all.get(user);
      if (watched != null) {
        watched.audience().remove(session);
      }
    }
    watches.release(new ArrayList<>(users));
  }

  /**
   * The node sends its clients away and tells them to be back within this time: nobody is to
   * flicker.
   */
  public void drain(Duration backWithin) {
    awayForDrain = backWithin;
  }

  /** Twice within the time that a socket counts: prolongs all local sockets. */
  public void refreshTick() {
    service.refresh(settings.ttl);
  }

  /** Every second or so: announces who has gone, and closes what a gap of the bus swallowed. */
  public void reapTick() {
    service.reap(REAPED_AT_ONCE);
    if (service.hasReturned() | gap) {
      gap = false;
      refreshTick();
      catchUp();
    }
  }

  private void catchUp() {
    Map<UserId, Watched> all = watches.all();
    Map<UserId, Long> versions = versions(all);
    observe(all, service.known(all.keySet()), versions);
  }

  private static Map<UserId, Long> versions(Map<UserId, Watched> watched) {
    Map<UserId, Long> versions = new HashMap<>();
    watched.forEach((user, one) -> versions.put(user, one.version()));
    return versions;
  }

  /** Compares what watchers know with what the store says; the versions are of that afterwards. */
  private static void observe(
      Map<UserId, Watched> all, PresenceService.Known known, Map<UserId, Long> versions) {
    if (known.freshness() == PresenceService.Freshness.STALE) {
      return;
    }
    for (Presence presence : known.presences().values()) {
      Watched watched = all.get(presence.userId());
      if (watched != null) {
        versions.computeIfPresent(
            presence.userId(), (user, before) -> watched.observed(presence, before));
      }
    }
  }

  /** Whether the store answered last time. */
  public boolean isStoreAway() {
    return service.isAway();
  }
}
