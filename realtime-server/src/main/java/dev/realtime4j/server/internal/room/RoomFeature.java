package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ServerRegistry.DeadServer;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.Welcome;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.fanout.Lanes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live rooms, put together: the door of this package.
 *
 * <p>Thread safety: any thread.
 */
public final class RoomFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(RoomFeature.class);

  private final RefCountedChannels<RoomName, LocalRoom> locals;
  private final RoomReconciler reconciler;
  private final RoomMembership membership;
  private final RoomService service;
  private final ClientEvents clientEvents;
  private final RoomPolicy policy;
  private final RoomStore store;
  private final NodeContext context;
  private volatile boolean recheckDue;

  /**
   * What can be set.
   *
   * @param maxMembers how many users a room may have, over the cluster
   * @param maxRooms how many rooms a socket may be in
   * @param namedUpTo up to so many members each coming and going is told by name
   * @param maxEventBytes how large an event of the host may be
   * @param maxClientEventBytes how large one of a client may be
   * @param clientBytesPerSecond how much a user may publish to one room
   */
  public record Settings(
      int maxMembers,
      int maxRooms,
      int namedUpTo,
      int maxEventBytes,
      int maxClientEventBytes,
      int clientBytesPerSecond) {}

  /**
   * @param settings of this feature
   * @param policy who may do what
   * @param context of its node
   */
  public RoomFeature(Settings settings, RoomStore store, RoomPolicy policy, NodeContext context) {
    this.store = store;
    this.policy = policy;
    this.context = context;
    NodeBus bus = context.bus();
    Lanes lanes = context.lanes();
    RoomAnnouncer announcer = new RoomAnnouncer(bus, store, settings.namedUpTo);
    Throttle.Maker seconds = new Throttle.Maker(context.timer(), context.workers());
    this.locals =
        new RefCountedChannels<>(
            bus,
            LocalRoom::channel,
            name ->
                new LocalRoom(
                    name,
                    lanes,
                    seconds,
                    room -> announcer.recount(room.name()),
                    announcer::tellSize),
            LocalRoom::heard);
    this.reconciler = new RoomReconciler(store, locals, announcer, context.id());
    this.membership =
        new RoomMembership(
            store,
            locals,
            announcer,
            reconciler,
            context.id(),
            new RoomMembership.Limits(settings.maxMembers, settings.maxRooms));
    this.service =
        new RoomService(store, bus, context.users(), context.commands(), settings.maxEventBytes);
    this.clientEvents =
        new ClientEvents(
            bus,
            Math.min(settings.maxClientEventBytes, settings.maxEventBytes),
            settings.clientBytesPerSecond,
            context.nanoTime());
    bus.onGap(this::gap);
    context.commands().on(RoomService.RECHECK, this::recheck);
    context.commands().on(RoomService.CLOSE, this::close);
  }

  /** What a host calls. */
  public Rooms rooms() {
    return service;
  }

  @Override
  public void register(MethodTable methods) {
    new RoomMethods(service, membership, policy, clientEvents).register(methods);
  }

  @Override
  public void opening(Session session, Welcome opening) {
    opening.put("rooms", List.of(RoomName.ofUser(session.userId())));
  }

  @Override
  public void closed(Session session, int code, String reason) {
    membership.leaveAll(session);
  }

  private void gap() {
    reconciler.markDirty();
    recheckDue = true;
  }

  private void recheck(Map<String, Json> params) {
    UserId user = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    context.sessions().of(user).forEach(this::recheck);
  }

  private void recheck(Session session) {
    JoinedRooms entered = JoinedRooms.of(session);
    entered.recheck();
    for (RoomName room : entered.all()) {
      if (!mayStay(session, room)) {
        remove(session, room);
      }
    }
  }

  private boolean mayStay(Session session, RoomName room) {
    try {
      return policy.mayJoin(session.principal(), room);
    } catch (RuntimeException e) {
      log.warn(
          "The room policy failed; user {} leaves room {}",
          session.userId(),
          room,
          PrintableFailure.of(e));
      return false;
    }
  }

  private void close(Map<String, Json> params) {
    RoomName name = new RoomName(params.getOrDefault("room", Json.NULL).asString());
    LocalRoom room = locals.get(name);
    if (room != null) {
      room.members().all().forEach(session -> remove(session, name));
    }
  }

  /** The removed one hears it too, though they are no member any more. */
  private void remove(Session session, RoomName room) {
    membership.leave(session, room);
    session.send(RoomEvents.left(room, session.userId()));
  }

  /** How many sockets are in a room; those of this node while the store is unavailable. */
  public int socketCount(RoomName name) {
    try {
      return store.socketCount(name);
    } catch (RealtimeException e) {
      LocalRoom room = locals.get(name);
      return room == null ? 0 : room.members().all().size();
    }
  }

  @Override
  public void schedule(Ticks ticks) {
    ticks.every(Duration.ofSeconds(1), "Writing rooms again", this::reconcile);
  }

  /**
   * Makes good what was missed while the store or the bus was unavailable. The store gets what it
   * lacks, and the policy is asked about everybody: a recheck may have been missed.
   */
  void reconcile() {
    reconciler.reconcile();
    if (recheckDue) {
      recheckDue = false;
      // The application's policy may be slow: the next tick does not wait for it.
      context.workers().execute(() -> context.sessions().all().forEach(this::recheck));
    }
  }

  @Override
  public void onPreviousIncarnation() {
    reconciler.removeMembersOf(context.id());
  }

  @Override
  public void onNodeDead(DeadServer dead) {
    reconciler.removeMembersOf(dead.server());
  }

  @Override
  public void onStateLost() {
    reconciler.writeAgain();
  }

  @Override
  public void onFalseSuspicion() {
    reconciler.writeAgain();
  }

  /** What the sockets' own leaving did not get to. */
  @Override
  public void leave() {
    reconciler.removeMembersOf(context.id());
  }
}
