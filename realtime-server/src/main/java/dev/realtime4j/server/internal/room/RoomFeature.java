package dev.realtime4j.server.internal.room;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.api.room.Rooms;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.HeldChannels;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.cluster.UserChannel;
import dev.realtime4j.server.internal.session.Lanes;
import dev.realtime4j.server.internal.session.MethodTable;
import dev.realtime4j.server.internal.session.Opening;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionFeature;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live rooms, put together: the door of this package.
 *
 * <p>Thread safety: any thread.
 */
public final class RoomFeature implements SessionFeature {
  private static final Logger log = LoggerFactory.getLogger(RoomFeature.class);

  private final HeldChannels<RoomName, LocalRoom> locals;
  private final RoomDebts debts;
  private final RoomMembership membership;
  private final RoomService service;
  private final ClientEvents clientEvents;
  private final RoomPolicy policy;
  private final Executor workers;
  private final SessionRegistry registry;
  private volatile boolean recheckOwed;

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
   */
  public RoomFeature(
      Settings settings,
      RoomStore store,
      RoomPolicy policy,
      ServerId server,
      NodeBus bus,
      UserChannel users,
      Commands commands,
      SessionRegistry registry,
      Lanes lanes,
      ScheduledExecutorService timer,
      Executor workers) {
    this.policy = policy;
    this.workers = workers;
    this.registry = registry;
    RoomAnnouncer announcer = new RoomAnnouncer(bus, store, settings.namedUpTo);
    AtMostOnceASecond.Maker seconds = new AtMostOnceASecond.Maker(timer, workers);
    this.locals =
        new HeldChannels<>(
            bus,
            LocalRoom::channel,
            name ->
                new LocalRoom(
                    name,
                    lanes,
                    seconds,
                    room -> announcer.recount(room.name()),
                    announcer::tellSize),
            room -> room::heard);
    this.debts = new RoomDebts(store, locals, announcer, server);
    this.membership =
        new RoomMembership(
            store, locals, announcer, debts, server, settings.maxMembers, settings.maxRooms);
    this.service = new RoomService(store, bus, users, commands, settings.maxEventBytes);
    this.clientEvents =
        new ClientEvents(
            bus,
            Math.min(settings.maxClientEventBytes, settings.maxEventBytes),
            settings.clientBytesPerSecond);
    bus.onGap(this::gap);
    commands.on(RoomService.RECHECK, this::recheck);
    commands.on(RoomService.CLOSE, this::close);
  }

  /** What a host calls. */
  public Rooms rooms() {
    return service;
  }

  /** Adds the methods that clients call. */
  public void register(MethodTable methods) {
    new RoomMethods(service, membership, policy, clientEvents).register(methods);
  }

  @Override
  public void opening(Session session, Opening opening) {
    opening.put("rooms", List.of(RoomName.ofUser(session.userId())));
  }

  @Override
  public void closed(Session session, int code, String reason) {
    membership.leaveAll(session);
  }

  private void gap() {
    debts.owe();
    recheckOwed = true;
  }

  private void recheck(Map<String, Json> params) {
    UserId user = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    registry.of(user).forEach(this::recheck);
  }

  private void recheck(Session session) {
    Entered entered = Entered.of(session);
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

  /** The removed one hears it too, though he is no member any more. */
  private void remove(Session session, RoomName room) {
    membership.leave(session, room);
    session.send(RoomEvents.left(room, session.userId()));
  }

  /** How many sockets of this node are in a room. */
  public int socketsHere(RoomName name) {
    LocalRoom room = locals.get(name);
    return room == null ? 0 : room.members().all().size();
  }

  /** A node is gone: what it left in the rooms is removed. */
  public void inherit(ServerId gone) {
    debts.inherit(gone);
  }

  /** The store lost what this node had written. */
  public void writeAgain() {
    debts.writeAgain();
  }

  /**
   * Every second or so: makes good what was missed while the store or the bus was away. The store
   * gets what it lacks, and the policy is asked about everybody: a recheck may have been missed.
   */
  public void owingTick() {
    debts.settle();
    if (recheckOwed) {
      recheckOwed = false;
      // The host's policy may be slow: the next tick does not wait for it.
      workers.execute(() -> registry.all().forEach(this::recheck));
    }
  }
}
