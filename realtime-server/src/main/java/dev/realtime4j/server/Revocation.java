package dev.realtime4j.server;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.session.Bans;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Sends users away, on all nodes. */
final class Revocation {
  private static final String DISCONNECT = "disconnect";
  private static final String BAN = "ban";

  private final Commands commands;
  private final SessionRegistry registry;
  private final Bans bans;
  private final InstantSource clock;

  Revocation(Commands commands, SessionRegistry registry, Bans bans, InstantSource clock) {
    this.commands = commands;
    this.registry = registry;
    this.bans = bans;
    this.clock = clock;
    commands.on(DISCONNECT, this::disconnectHere);
    commands.on(BAN, this::banHere);
  }

  void disconnect(UserId user, String reason) {
    commands.send(DISCONNECT, Json.object("user_id", user, "reason", reason));
  }

  void ban(UserId user, Duration time) {
    commands.send(
        BAN, Json.object("user_id", user, "until_ms", clock.instant().plus(time).toEpochMilli()));
  }

  private void disconnectHere(Map<String, Json> params) {
    UserId user = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    String reason = params.getOrDefault("reason", Json.NULL).asString();
    registry.of(user).forEach(session -> session.close(CloseCode.DISCONNECTED, reason));
  }

  private void banHere(Map<String, Json> params) {
    UserId user = UserId.of(params.getOrDefault("user_id", Json.NULL).asString());
    long until = params.getOrDefault("until_ms", Json.NULL).asLong();
    bans.ban(user, Instant.ofEpochMilli(until));
  }
}
