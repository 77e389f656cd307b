package dev.realtime4j.server;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BanStore.Ban;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.session.Bans;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends users away, on all nodes.
 *
 * <p>A ban takes effect here at once, reaches the other nodes over the bus, and is stored for those
 * that do not hear it. Each node reads the store when it starts and after every gap of the bus, so
 * a handshake looks into memory only. What could not be stored is stored when the store is back.
 *
 * <p>Thread safety: any thread, but for {@link #tick} and {@link #compare}, which one thread at a
 * time calls.
 */
final class Revocation {
  private static final Logger log = LoggerFactory.getLogger(Revocation.class);
  private static final String DISCONNECT = "disconnect";
  private static final String BAN = "ban";
  private static final String BANNED = "banned";

  private final Commands commands;
  private final SessionRegistry registry;
  private final Bans bans;
  private final BanStore store;
  private final InstantSource clock;
  private volatile boolean owing = true;

  Revocation(
      Commands commands, SessionRegistry registry, Bans bans, BanStore store, InstantSource clock) {
    this.commands = commands;
    this.registry = registry;
    this.bans = bans;
    this.store = store;
    this.clock = clock;
    commands.on(DISCONNECT, this::disconnectHere);
    commands.on(BAN, this::banHere);
  }

  void disconnect(UserId user, String reason) {
    commands.send(DISCONNECT, Json.object("user_id", user, "reason", reason));
  }

  /** Refuses a user for a while, and closes his sockets if the reach says so. */
  void ban(UserId user, Duration time, Reach reach, String reason) {
    Ban ban = new Ban(user, clock.instant().plus(time), reach);
    bans.add(ban);
    try {
      store.add(ban);
    } catch (RealtimeException e) {
      log.warn("A ban could not be stored yet; it holds where it was heard: {}", e.getMessage());
      owing = true;
    }
    commands.send(
        BAN,
        Json.object(
            "user_id",
            user,
            "until_ms",
            ban.until().toEpochMilli(),
            "reach",
            reach.name(),
            "reason",
            reason));
  }

  /** Something may have been missed: the next tick compares memory and store. */
  void owe() {
    owing = true;
  }

  /** Every second: compares if something may have been missed. */
  void tick() {
    if (owing && commands.areHeard()) {
      compare();
    }
  }

  /** Stores what the store lacks, and learns what this node has missed. */
  void compare() {
    owing = false;
    try {
      bans.active().forEach(store::add);
      List<Ban> stored = store.active(clock.instant());
      stored.forEach(ban -> carryOut(ban, BANNED));
    } catch (RealtimeException e) {
      log.debug("The bans cannot be compared with the store now: {}", e.getMessage());
      owing = true;
    }
  }

  /** Known first, then closed: a handshake under way finds either the ban or its socket closed. */
  private void carryOut(Ban ban, String reason) {
    bans.add(ban);
    if (ban.reach() == Reach.ALL_SOCKETS) {
      close(ban.user(), reason);
    }
  }

  private void close(UserId user, String reason) {
    registry.of(user).forEach(session -> session.close(CloseCode.DISCONNECTED, reason));
  }

  private void disconnectHere(Map<String, Json> params) {
    close(user(params), params.getOrDefault("reason", Json.NULL).asString());
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
