package dev.realtime4j.server.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.UnifiedJedis;

/** What another program may have written where keys of ours belong. */
enum Garbage {
  STRING {
    @Override
    void plant(UnifiedJedis redis, String key) {
      redis.set(key, "forged\n2026-11-28 ERROR \u001b[31mforged");
    }
  },
  LIST {
    @Override
    void plant(UnifiedJedis redis, String key) {
      redis.rpush(key, "a", "b");
    }
  },
  HASH {
    @Override
    void plant(UnifiedJedis redis, String key) {
      VALUES.forEach(
          value -> {
            redis.hset(bytes(key), value, value);
            FIELDS.forEach(field -> redis.hset(bytes(key), bytes(field), value));
          });
    }
  },
  /** The values are in all fields that ours have, in turn the last one. */
  SET {
    @Override
    void plant(UnifiedJedis redis, String key) {
      VALUES.forEach(value -> redis.sadd(bytes(key), value));
    }
  },
  SORTED_SET {
    @Override
    void plant(UnifiedJedis redis, String key) {
      double[] scores = {Double.NEGATIVE_INFINITY, -1, 0, 1e300, Double.POSITIVE_INFINITY};
      int i = 0;
      for (byte[] value : VALUES) {
        redis.zadd(bytes(key), scores[i++ % scores.length], value);
      }
    }
  };

  private static final List<String> FIELDS =
      List.of("status", "last_seen", "server_id", "socket_id", "version", "choice", "foreign");

  /** Undecodable, not ours, too large, or meant for who reads the log. */
  static final List<byte[]> VALUES =
      List.of(
          new byte[] {(byte) 0xff, (byte) 0xfe, 0, 10},
          bytes("1-1-1-1-1"),
          bytes("00000000-0000-0000-0000-000000000000"),
          bytes("99999999999999999999999999999999:99999999999999999999999"),
          bytes("nan"),
          bytes("-inf"),
          bytes("1e400"),
          bytes("x\",\"status\":\"BUSY\"}\nforged\u001b[31m"),
          bytes("9999-99-99T99:99:99.999Z"),
          bytes("a|b"),
          bytes("|"),
          bytes(""),
          filled(1 << 20));

  abstract void plant(UnifiedJedis redis, String key);

  /** Each value in each field that ours have, and what the fields of sockets are like. */
  static List<Map<byte[], byte[]>> hashes() {
    return VALUES.stream()
        .map(
            value ->
                Map.of(
                    bytes("status"),
                    value,
                    bytes("last_seen"),
                    value,
                    bytes("version"),
                    value,
                    bytes("choice"),
                    value,
                    bytes("a|b"),
                    value,
                    value,
                    bytes("99999999999999:5"),
                    bytes("no-socket"),
                    bytes("9999999999999:5")))
        .toList();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] filled(int size) {
    byte[] filled = new byte[size];
    Arrays.fill(filled, (byte) 'x');
    return filled;
  }
}
