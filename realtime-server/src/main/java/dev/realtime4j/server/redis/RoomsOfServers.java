package dev.realtime4j.server.redis;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.room.RoomName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which rooms each node is in, in a set for each node, in another slot than the rooms: it may name
 * a room too many, never one too few.
 */
final class RoomsOfServers {
  private final RedisCommands redis;

  RoomsOfServers(RedisCommands redis) {
    this.redis = redis;
  }

  /**
   * Adds a room.
   *
   * @throws RealtimeException {@code INTERNAL} when the set was damaged: its node has to write all
   *     its rooms again
   */
  void remember(ServerId server, RoomName room) {
    redis.run(
        StoredKey.set(key(server)),
        jedis -> jedis.sadd(key(server), room.value()),
        () -> damaged(server));
  }

  /** Adds all rooms of a node. */
  void rememberAll(ServerId server, Collection<RoomName> rooms) {
    String[] names = rooms.stream().map(RoomName::value).toArray(String[]::new);
    redis.run(StoredKey.set(key(server)), jedis -> jedis.sadd(key(server), names));
  }

  void forget(ServerId server, RoomName room) {
    redis.run(StoredKey.set(key(server)), jedis -> jedis.srem(key(server), room.value()));
  }

  /**
   * Removes a room that a node has no socket in. A join of the same node may come between the two
   * steps; then the room is remembered again.
   */
  void forgetIfEmpty(ServerId server, RoomName room, long ofThisServer) {
    if (ofThisServer == 0) {
      redis.run(
          StoredKey.set(key(server)),
          jedis -> jedis.srem(key(server), room.value()),
          () -> damaged(server));
      if (redis.run(jedis -> jedis.exists(RoomKeys.ofServer(room, server.value())))) {
        remember(server, room);
      }
    }
  }

  /** The rooms of a node; removes what is no name of a room. */
  List<RoomName> of(ServerId server) {
    byte[] key = key(server).getBytes(StandardCharsets.UTF_8);
    List<RoomName> rooms = new ArrayList<>();
    for (byte[] name : redis.run(StoredKey.set(key(server)), jedis -> jedis.smembers(key))) {
      String text = new String(name, StandardCharsets.UTF_8);
      try {
        rooms.add(new RoomName(text));
      } catch (InvalidValueException notOurs) {
        redis.damaged().tellText(key(server), text, "was removed");
        redis.run(jedis -> jedis.srem(key, name));
      }
    }
    return rooms;
  }

  private static void damaged(ServerId server) {
    throw new RealtimeException(
        ErrorCode.INTERNAL, "Redis had lost which rooms node " + server + " is in");
  }

  private static String key(ServerId server) {
    return "realtime:server-rooms:" + server;
  }
}
