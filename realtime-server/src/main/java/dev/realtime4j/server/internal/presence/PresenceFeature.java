package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.presence.PresenceChange;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.HeldChannels;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.session.Arrival;
import dev.realtime4j.server.internal.session.Lanes;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Presence, put together: sockets that come and go, the methods that clients call, and the ticks.
 *
 * <p>Thread safety: any thread, but for each tick, which one thread at a time calls.
 */
public final class PresenceFeature implements SessionFeature {
  /** In how many ticks all local sockets are prolonged once. */
  public static final int REFRESH_TICKS = PresenceUpkeep.SHARES;

  private final Settings settings;
  private final PresenceStore store;
  private final GuardedPolicy policy;
  private final ServerId server;
  private final StoreContact contact;
  private final LocalPresence local;
  private final PresenceService service;
  private final Watching watching;
  private final PresenceUpkeep upkeep;
  private final SurplusSockets surplus;
  private final SessionRegistry registry;
  private final Executor workers;
  private volatile boolean recheckOwed;
  private final Departures departures;

  /**
   * What can be set.
   *
   * @param ttl how long a socket counts without a refresh
   * @param grace how long a user stays present after the last clean close
   * @param maxWatched how many users one socket may watch
   * @param maxSocketsPerUser how many sockets a user may hold in the cluster
   */
  public record Settings(Duration ttl, Duration grace, int maxWatched, int maxSocketsPerUser) {}

  /**
   * @param settings of this feature
   * @param policy who may be seen
   * @param connectionLog knows when users were last seen
   * @param listeners runs the host's listeners, and nothing else
   * @param workers ask the policy again after a gap
   */
  public PresenceFeature(
      Settings settings,
      PresenceStore store,
      GuardedPolicy policy,
      ConnectionLog connectionLog,
      ServerId server,
      NodeBus bus,
      Commands commands,
      SessionRegistry registry,
      InstantSource clock,
      Lanes lanes,
      Executor listeners,
      Executor workers) {
    this.settings = settings;
    this.store = store;
    this.policy = policy;
    this.registry = registry;
    this.workers = workers;
    this.server = server;
    this.contact = new StoreContact(clock);
    this.local = new LocalPresence(registry, clock);
    HeldChannels<UserId, Watched> watches =
        new HeldChannels<>(
            bus,
            PresenceChange::channel,
            user -> new Watched(user, lanes),
            watched -> watched::heard);
    this.service =
        new PresenceService(store, connectionLog, contact, local, watches, listeners, commands);
    this.watching = new Watching(service, watches, policy, settings.maxWatched);
    this.departures = new Departures(store, contact, server, settings.grace);
    this.upkeep =
        new PresenceUpkeep(
            store, contact, local, departures, watching, server, settings.ttl, clock);
    this.surplus = new SurplusSockets(store, commands, registry, settings.maxSocketsPerUser);
    bus.onGap(this::gap);
    commands.on(PresenceService.RECHECK, this::recheck);
  }

  private void gap() {
    upkeep.gap();
    recheckOwed = policy.mayHide();
  }

  private void recheck(Map<String, Json> params) {
    UserId viewer = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    registry.of(viewer).forEach(watching::recheck);
  }

  /** What a host calls. */
  public Presences presences() {
    return service;
  }

  /** Adds the methods that clients call. */
  public void register(MethodTable methods) {
    new PresenceMethods(service, policy, store, server, settings.ttl).register(methods);
    watching.register(methods);
  }

  @Override
  public void opening(List<Arrival> arrivals) {
    if (contact.isAway()) {
      return; // Written by the refresh that follows the store's return.
    }
    Map<SocketId, UserId> sockets = new LinkedHashMap<>();
    arrivals.forEach(arrival -> sockets.put(arrival.session().id(), arrival.session().userId()));
    try {
      store
          .connectedAll(server, sockets, settings.ttl)
          .forEach((socket, opened) -> opened(opened.presence().userId(), opened));
    } catch (RealtimeException e) {
      contact.missed(e);
    }
  }

  private void opened(UserId user, PresenceStore.Opened opened) {
    local.remember(user, opened.choice());
    surplus.opened(user, opened.sockets());
  }

  @Override
  public void closed(Session session, int code, String reason) {
    watching.closed(session);
    local.forgetIfGone(session.userId());
    departures.left(session.userId(), session.id());
  }

  /**
   * The node sends its clients away and tells them to be back within this time: nobody is to
   * flicker.
   */
  public void drain(Duration backWithin) {
    departures.drain(backWithin);
  }

  /**
   * Prolongs the next share of the local sockets: {@value #REFRESH_TICKS} calls prolong all. All
   * are to be prolonged twice within the time that they count.
   */
  public void refreshTick() {
    upkeep.refreshShare();
  }

  /**
   * Every second or so: announces who has gone, and closes what a gap of the bus swallowed; a
   * recheck may have been missed then, so the policy is asked about everybody.
   */
  public void reapTick() {
    upkeep.reapTick();
    if (recheckOwed) {
      recheckOwed = false;
      // The application's policy may be slow: the next tick does not wait for it.
      workers.execute(() -> registry.all().forEach(watching::recheck));
    }
  }

  /** The store has lost what this node had written. */
  public void writeAgain() {
    upkeep.forgotten();
  }

  /** Whether the store did not answer last time. */
  public boolean isStoreAway() {
    return contact.isAway();
  }
}
