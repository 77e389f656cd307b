package dev.realtime4j.server.redis;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.PresenceStore;
import dev.realtime4j.api.presence.StatusOverride;
import dev.realtime4j.server.redis.RedisCommands.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Presence in Redis: every change is one script on the slot of the user. */
final class JedisPresenceStore implements PresenceStore {
  private static final Instant YEAR_10000 = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

  private final RedisCommands redis;
  private final PresenceExpiry expiry;

  JedisPresenceStore(RedisCommands redis) {
    this.redis = redis;
    this.expiry = new PresenceExpiry(redis);
  }

  @Override
  public Opened connected(UserId user, ServerId server, SocketId socket, Duration ttl) {
    expiry.presentFor(List.of(user), ttl);
    return opened(user, redis.run(connecting(user, server, socket, ttl)));
  }

  @Override
  public Map<SocketId, Opened> connectedAll(
      ServerId server, Map<SocketId, UserId> sockets, Duration ttl) {
    expiry.presentFor(sockets.values(), ttl);
    List<Call> calls = new ArrayList<>();
    sockets.forEach((socket, user) -> calls.add(connecting(user, server, socket, ttl)));
    Iterator<Object> answers = redis.runAll(calls).iterator();
    Map<SocketId, Opened> opened = new LinkedHashMap<>();
    sockets.forEach((socket, user) -> opened.put(socket, opened(user, answers.next())));
    return opened;
  }

  private static Call connecting(UserId user, ServerId server, SocketId socket, Duration ttl) {
    return call(LuaScript.PRESENCE_CONNECTED, user, millis(ttl), server + "|" + socket);
  }

  private Opened opened(UserId user, Object answer) {
    Chosen chosen = chosen(user, answer);
    long sockets = (Long) ((List<?>) answer).get(3);
    return new Opened(chosen.presence(), chosen.choice(), (int) sockets);
  }

  @Override
  public Presence disconnected(UserId user, ServerId server, SocketId socket, Duration grace) {
    List<?> answer =
        (List<?>)
            redis.run(
                call(LuaScript.PRESENCE_DISCONNECTED, user, millis(grace), server + "|" + socket));
    long lookIn = (Long) answer.get(2);
    if (lookIn >= 0) {
      expiry.leavesIn(user, lookIn);
    }
    return presence(user, answer);
  }

  @Override
  public Chosen setStatus(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw RealtimeException.badRequest("status must be ONLINE or BUSY; OFFLINE is never set");
    }
    return chosen(user, redis.run(call(LuaScript.PRESENCE_SET_STATUS, user, status.name())));
  }

  @Override
  public Map<UserId, StatusOverride> refresh(
      ServerId server, Map<UserId, LocalUser> users, Duration ttl) {
    List<UserId> connected = new ArrayList<>();
    List<Call> calls = new ArrayList<>();
    users.forEach(
        (user, local) -> {
          if (!local.sockets().isEmpty()) {
            connected.add(user);
            calls.add(refreshing(server, user, local, ttl));
          }
        });
    expiry.presentFor(connected, ttl);
    List<Object> answers = redis.runAll(calls);
    Map<UserId, StatusOverride> choices = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      List<?> answer = (List<?>) answers.get(i);
      choices.put(
          connected.get(i),
          new StatusOverride(
              PresenceStatus.valueOf((String) answer.get(0)),
              Long.parseLong((String) answer.get(1))));
    }
    return choices;
  }

  private static Call refreshing(ServerId server, UserId user, LocalUser local, Duration ttl) {
    List<String> arguments = new ArrayList<>();
    arguments.add(millis(ttl));
    arguments.add(local.choice().status().name());
    arguments.add(Long.toString(local.choice().version()));
    local.sockets().forEach(socket -> arguments.add(server + "|" + socket));
    return call(LuaScript.PRESENCE_REFRESH, user, arguments.toArray(String[]::new));
  }

  @Override
  public Map<UserId, Presence> get(Collection<UserId> users) {
    List<UserId> asked = new ArrayList<>(new LinkedHashSet<>(users));
    List<List<String>> found =
        redis.runAll(
            asked,
            (pipeline, user) -> pipeline.hmget(PresenceKeys.hash(user), "status", "last_seen"),
            user ->
                redis.run(
                    new StoredKey(PresenceKeys.hash(user), StoredKey.HASH),
                    jedis -> jedis.hmget(PresenceKeys.hash(user), "status", "last_seen")));
    Map<UserId, Presence> answer = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      answer.put(asked.get(i), presence(asked.get(i), found.get(i)));
    }
    return answer;
  }

  @Override
  public List<SocketId> sockets(UserId user) {
    List<?> names = (List<?>) redis.run(call(LuaScript.PRESENCE_SOCKETS, user));
    return names.stream()
        .map(name -> ((String) name).substring(((String) name).indexOf('|') + 1))
        .sorted()
        .map(SocketId::new)
        .toList();
  }

  @Override
  public int reap(int limit) {
    return expiry.reap(limit);
  }

  private static Call call(LuaScript script, UserId user, String... more) {
    List<String> arguments = new ArrayList<>(more.length + 1);
    arguments.add(user.toString());
    arguments.addAll(List.of(more));
    return new Call(script, PresenceKeys.of(user), arguments);
  }

  /** Reads the presence, and third the version of the choice that it stands for. */
  private Chosen chosen(UserId user, Object answer) {
    Presence presence = presence(user, answer);
    long version = Long.parseLong((String) ((List<?>) answer).get(2));
    return new Chosen(
        presence,
        version == 0 ? StatusOverride.NONE : new StatusOverride(presence.status(), version));
  }

  /**
   * Reads status and last_seen, as the hash and the scripts answer them. Other programs may write
   * the hash: what none of ours wrote there counts as missing, until the user's node writes it
   * again.
   */
  private Presence presence(UserId user, Object answer) {
    List<?> fields = (List<?>) answer;
    @Nullable String status = (String) fields.get(0);
    if (status == null || status.equals(PresenceStatus.OFFLINE.name())) {
      return Presence.offline(user, null);
    }
    try {
      return new Presence(user, PresenceStatus.valueOf(status), seen(user, fields.get(1)));
    } catch (IllegalArgumentException notOurs) {
      tellText(user, status);
      return Presence.offline(user, null);
    }
  }

  private @Nullable Instant seen(UserId user, @Nullable Object lastSeen) {
    if (lastSeen == null) {
      return null;
    }
    try {
      Instant seen = Instant.parse((String) lastSeen);
      if (!seen.isBefore(Instant.EPOCH) && seen.isBefore(YEAR_10000)) {
        return seen;
      }
    } catch (DateTimeParseException notOurs) {
      tellText(user, (String) lastSeen);
    }
    return null;
  }

  private void tellText(UserId user, String text) {
    redis.damaged().tellText(PresenceKeys.hash(user), text, "counts as missing");
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
