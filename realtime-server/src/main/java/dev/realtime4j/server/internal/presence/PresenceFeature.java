package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.DurableCommands;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.health.Components;
import dev.realtime4j.server.internal.session.OpeningSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Presence, put together: sockets that come and go, the methods that clients call, and the ticks.
 *
 * <p>Thread safety: any thread, but for each tick, which one thread at a time calls.
 */
public final class PresenceFeature implements Feature {
  /** How often watchers hear at most of a status that flaps. */
  public static final Duration CHANGES_APART = Duration.ofSeconds(1);

  private final Settings settings;
  private final PresenceStore store;
  private final GuardedPolicy policy;
  private final NodeContext context;
  private final StoreContact contact;
  private final LocalPresence local;
  private final PresenceAnswers answers;
  private final PresenceService service;
  private final PresenceWatchers watching;
  private final PresenceRefresh refresh;
  private final PresenceUpkeep upkeep;
  private final SocketQuota surplus;
  private final DurableCommands rechecks;
  private volatile boolean recheckDue;
  private volatile boolean recheckLost;
  private final DisconnectReporter departures;

  /**
   * What can be set.
   *
   * @param ttl how long a socket counts without a refresh
   * @param refresh within how long all sockets are refreshed
   * @param grace how long a user stays present after the last clean close
   * @param maxWatched how many users one socket may watch
   * @param maxSocketsPerUser how many sockets a user may hold in the cluster
   * @param changesApart how often watchers are told at most of a status that flaps
   */
  public record Settings(
      Duration ttl,
      Duration refresh,
      Duration grace,
      int maxWatched,
      int maxSocketsPerUser,
      Duration changesApart) {}

  /**
   * @param settings of this feature
   * @param policy who may be seen
   * @param lastSeen asks when users were last seen; what it does not know is left out
   * @param context of its node
   */
  public PresenceFeature(
      Settings settings,
      PresenceStore store,
      PresencePolicy policy,
      Function<Collection<UserId>, Map<UserId, Instant>> lastSeen,
      NodeContext context) {
    this.settings = settings;
    this.store = store;
    this.policy = new GuardedPolicy(policy);
    this.context = context;
    InstantSource clock = context.clock();
    SessionRegistry registry = context.sessions();
    Commands commands = context.commands();
    Lanes lanes = context.lanes();
    this.rechecks = new DurableCommands(commands, () -> recheckLost = true);
    this.contact = new StoreContact(context.environment());
    this.local = new LocalPresence(registry, clock);
    Flapping.Maker flapping =
        new Flapping.Maker(settings.changesApart, context.timer(), context.nanoTime());
    RefCountedChannels<UserId, WatchedUser> watches =
        new RefCountedChannels<>(
            context.bus(),
            PresenceChange::channel,
            user -> new WatchedUser(user, lanes, flapping),
            WatchedUser::heard);
    this.answers = new PresenceAnswers(store, lastSeen, contact, local);
    this.service = new PresenceService(answers, watches, context.listeners(), rechecks);
    this.watching =
        new PresenceWatchers(answers, watches, this.policy, context, settings.maxWatched);
    this.departures = new DisconnectReporter(store, contact, context.id(), settings.grace);
    this.refresh =
        new PresenceRefresh(store, contact, local, departures, context.id(), settings.ttl);
    this.upkeep = new PresenceUpkeep(store, contact, refresh, watching, settings.ttl, clock);
    this.surplus = new SocketQuota(store, commands, registry, settings.maxSocketsPerUser);
    context.bus().onGap(this::gap);
    commands.on(PresenceService.RECHECK, this::recheck);
  }

  private void gap() {
    upkeep.gap();
    recheckDue = policy.mayHide();
  }

  private void recheck(Map<String, Json> params) {
    UserId viewer = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    context.sessions().of(viewer).forEach(watching::recheck);
  }

  /** What a host calls. */
  public Presences presences() {
    return service;
  }

  /** Who may be seen by whom: everybody by themselves, and a failure is {@code UNAVAILABLE}. */
  public PresencePolicy policy() {
    return policy;
  }

  @Override
  public void register(MethodTable methods) {
    new PresenceMethods(service, answers, policy, store, context.id(), settings.ttl)
        .register(methods);
    watching.register(methods);
  }

  @Override
  public void opening(List<OpeningSession> arrivals) {
    if (contact.isUnavailable()) {
      return; // Written by the refresh that follows the store's return.
    }
    Map<SocketId, UserId> sockets = new LinkedHashMap<>();
    arrivals.forEach(arrival -> sockets.put(arrival.session().id(), arrival.session().userId()));
    try {
      store
          .connectedAll(context.id(), sockets, settings.ttl)
          .forEach((socket, opened) -> opened(opened.presence().userId(), opened));
    } catch (RealtimeException e) {
      contact.missed(e);
    }
  }

  private void opened(UserId user, PresenceStore.Opened opened) {
    local.remember(user, opened.choice());
    surplus.opened(user, opened.sockets());
    service.changedHere(opened.presence());
  }

  @Override
  public void closed(Session session, int code, String reason) {
    watching.closed(session);
    local.forgetIfGone(session.userId());
    departures.left(session.userId(), session.id());
  }

  /** They come back to another node: nobody is to flicker. */
  @Override
  public void drain(Duration backWithin) {
    departures.drain(backWithin);
  }

  @Override
  public void schedule(Ticks ticks) {
    ticks.every(
        settings.refresh.dividedBy(PresenceRefresh.SHARES), "Prolonging presence", this::refresh);
    ticks.every(Ticks.within(settings.grace), "Reaping presence", this::reap);
  }

  /**
   * Prolongs the next share of the local sockets: {@value PresenceRefresh#SHARES} calls prolong
   * all.
   */
  void refresh() {
    refresh.nextShare();
  }

  /**
   * Announces who has gone, sends rechecks that the bus did not take, and closes what a gap of the
   * bus swallowed; a recheck may have been missed then, so the policy is asked about everybody.
   */
  void reap() {
    upkeep.reapTick();
    if (recheckLost && context.commands().areHeard()) {
      recheckLost = false;
      rechecks.sendAgain();
    }
    if (recheckDue) {
      recheckDue = false;
      // The application's policy may be slow: the next tick does not wait for it.
      context.workers().execute(() -> context.sessions().all().forEach(watching::recheck));
    }
  }

  /** What presence holds of a dead node, and of this one when it is taken for dead, expires. */
  @Override
  public void onStateLost() {
    upkeep.stateLost();
  }

  @Override
  public Map<String, Boolean> components() {
    return Map.of(Components.CLUSTER, !contact.isUnavailable());
  }

  /** How many sockets a user has; those on this node while the store is unavailable. */
  public int socketCount(UserId user) {
    try {
      return store.socketCount(user);
    } catch (RealtimeException e) {
      return context.sessions().of(user).size();
    }
  }
}
