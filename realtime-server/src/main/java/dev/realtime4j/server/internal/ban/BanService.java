package dev.realtime4j.server.internal.ban;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.DurableCommands;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends users away, on all nodes.
 *
 * <p>A ban, and a disconnect, takes effect here at once, reaches the other nodes over the bus, and
 * is stored for those that do not hear it. Each node reads the store when it starts and after every
 * gap of the bus, so a handshake looks into memory only. What could not be stored is stored when
 * the store is back, and what the bus did not take is told again: the nodes that had no gap
 * meanwhile hear it then, and the others find it in the store.
 *
 * <p>Thread safety: any thread, but for {@link #tick} and {@link #reconcile}, which one thread at a
 * time calls.
 */
final class BanService {
  private static final Logger log = LoggerFactory.getLogger(BanService.class);
  private static final String DISCONNECT = "disconnect";
  private static final String BAN = "ban";
  private static final String BANNED = "banned";
  private static final String DISCONNECTED = "disconnected";
  private static final Predicate<Session> ALL = session -> true;

  /** As long as other nodes may take to find Redis again. */
  private static final int AGAIN_AFTER_TICKS = 15;

  private final Commands commands;
  private final DurableCommands durable;
  private final SessionRegistry registry;
  private final Bans bans;
  private final Disconnects disconnects;
  private final BanStore store;
  private final InstantSource clock;
  private volatile boolean dirty = true;
  private int ticksUntilAgain;

  BanService(BanStore store, NodeContext context) {
    this.commands = context.commands();
    this.durable = new DurableCommands(commands, this::markDirty);
    this.registry = context.sessions();
    this.clock = context.clock();
    this.bans = new Bans(clock);
    this.disconnects = new Disconnects(clock);
    this.store = store;
    commands.on(DISCONNECT, this::disconnectHere);
    commands.on(BAN, this::banHere);
  }

  /** Closes the sockets of a user. */
  void disconnect(UserId user, String reason) {
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    disconnects.add(user, at);
    close(user, ALL, reason);
    Json params = Json.object("user_id", user, "reason", reason, "at_ms", at.toEpochMilli());
    tell(DISCONNECT, user, params, () -> store.addDisconnects(Map.of(user, at)));
  }

  /** Refuses a user for a while, and closes their sockets if the reach says so. */
  void ban(UserId user, Duration time, Reach reach, String reason) {
    Ban ban = new Ban(user, clock.instant().plus(time), reach);
    bans.add(ban);
    Json params =
        Json.object(
            "user_id",
            user,
            "until_ms",
            ban.until().toEpochMilli(),
            "reach",
            reach.name(),
            "reason",
            reason);
    tell(BAN, user, params, () -> store.add(ban));
  }

  /** Stored first: whoever does not hear it has a gap then, and finds it. */
  private void tell(String command, UserId user, Json params, Runnable storing) {
    boolean stored = false;
    try {
      storing.run();
      stored = true;
    } catch (RealtimeException e) {
      log.warn(
          "A {} could not be stored yet; it holds where it was heard: {}", command, e.getMessage());
    }
    durable.send(command, user, params);
    if (!stored) {
      durable.repeat(command, user, params);
      dirty = true;
    }
  }

  /** How long a user is still refused; zero when they are not. */
  Duration remainingBan(UserId user) {
    return bans.remaining(user);
  }

  /** Memory and store may differ: the next tick reconciles them. */
  void markDirty() {
    dirty = true;
  }

  /**
   * Every second: reconciles if something may have been missed, and once more a while later. Where
   * the store lost its data, another node may have filled it again only then.
   */
  void tick() {
    boolean due = dirty;
    if (ticksUntilAgain > 0 && --ticksUntilAgain == 0) {
      due = true;
    } else if (due) {
      ticksUntilAgain = AGAIN_AFTER_TICKS;
    }
    if (due && commands.areHeard()) {
      reconcile();
    } else if (due) {
      dirty = true;
    }
  }

  /** Stores what the store lacks, learns what this node has missed, and tells what others have. */
  void reconcile() {
    dirty = false;
    try {
      bans.active().forEach(store::add);
      store.addDisconnects(disconnects.all());
      store.active(clock.instant()).forEach(ban -> carryOut(ban, BANNED));
      store
          .disconnects(disconnects.keptSince())
          .forEach((user, at) -> carryOut(user, at, DISCONNECTED));
    } catch (RealtimeException e) {
      log.debug("The bans cannot be compared with the store now: {}", e.getMessage());
      dirty = true;
      return;
    }
    durable.sendAgain(); // After it was stored: whoever does not hear it now has a gap, and reads.
  }

  /** Known first, then closed: a handshake under way finds either the ban or its socket closed. */
  private void carryOut(Ban ban, String reason) {
    bans.add(ban);
    if (ban.reach() == Reach.ALL_SOCKETS) {
      close(ban.user(), ALL, reason);
    }
  }

  /** One of a while ago: who has come back since then stays. */
  private void carryOut(UserId user, Instant at, String reason) {
    if (disconnects.add(user, at)) {
      long millis = at.toEpochMilli();
      close(user, session -> session.connectedAt().toEpochMilli() <= millis, reason);
    }
  }

  private void close(UserId user, Predicate<Session> which, String reason) {
    registry.of(user).stream()
        .filter(which)
        .forEach(session -> session.close(CloseCode.DISCONNECTED, reason));
  }

  private void disconnectHere(Map<String, Json> params) {
    UserId user = user(params);
    String reason = params.getOrDefault("reason", Json.NULL).asString();
    Json at = params.getOrDefault("at_ms", Json.NULL);
    if (at.isNull()) {
      close(user, ALL, reason); // A node of an earlier version says no time.
    } else if (DurableCommands.isLate(params)) {
      carryOut(user, Instant.ofEpochMilli(at.asLong()), reason);
    } else if (disconnects.add(user, Instant.ofEpochMilli(at.asLong()))) {
      close(user, ALL, reason); // At once, so whatever the nodes' clocks say.
    }
  }

  private void banHere(Map<String, Json> params) {
    long until = params.getOrDefault("until_ms", Json.NULL).asLong();
    Reach reach = Reach.valueOf(params.getOrDefault("reach", Json.NULL).asString());
    carryOut(
        new Ban(user(params), Instant.ofEpochMilli(until), reach),
        params.getOrDefault("reason", Json.NULL).asString());
  }

  private static UserId user(Map<String, Json> params) {
    return UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
  }
}
