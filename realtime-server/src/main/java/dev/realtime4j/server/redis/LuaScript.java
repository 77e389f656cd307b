package dev.realtime4j.server.redis;

import static dev.realtime4j.server.redis.StoredKey.HASH;
import static dev.realtime4j.server.redis.StoredKey.SET;
import static dev.realtime4j.server.redis.StoredKey.SORTED_SET;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A script that Redis runs as one step. All keys of one call are in the same slot.
 *
 * @param text in Lua
 * @param sha by which Redis knows it once it has run
 * @param types of its keys, in their order, as {@link StoredKey} says, the last one of all that
 *     follow too; none when any will do
 */
record LuaScript(String text, String sha, List<String> types) {
  /** The scripts about one user begin with what they share. */
  private static final String PRESENCE = read("presence");

  private static final String USER_ID = read("user_id");

  static final LuaScript PRESENCE_CONNECTED = presence("presence_connected");
  static final LuaScript PRESENCE_REFRESH = presence("presence_refresh");
  static final LuaScript PRESENCE_DISCONNECTED = presence("presence_disconnected");
  static final LuaScript PRESENCE_SET_STATUS = presence("presence_set_status");
  static final LuaScript PRESENCE_SOCKETS = presence("presence_sockets");
  static final LuaScript PRESENCE_CLAIM = presence("presence_claim");
  static final LuaScript EXPIRY_SCHEDULE = of("expiry_schedule", SORTED_SET);
  static final LuaScript EXPIRY_DUE = ofUsers("expiry_due", SORTED_SET);
  static final LuaScript EXPIRY_SETTLE = of("expiry_settle", SORTED_SET);
  static final LuaScript ROOM_JOIN = of("room_join", SORTED_SET, SORTED_SET, SET);
  static final LuaScript ROOM_LEAVE = of("room_leave", SORTED_SET, SORTED_SET, SET);
  static final LuaScript ROOM_MEMBERS = ofUsers("room_members", SORTED_SET, SORTED_SET);
  static final LuaScript ROOM_REMOVE_SERVER =
      ofUsers("room_remove_server", SORTED_SET, SORTED_SET, SET);
  static final LuaScript ROOM_REBUILD = ofUsers("room_rebuild", SORTED_SET, SORTED_SET, SET);
  static final LuaScript SERVER_BEAT = of("server_beat");
  static final LuaScript SERVER_CLAIM = of("server_claim");
  static final LuaScript SERVER_INDEX = of("server_index", SORTED_SET);
  static final LuaScript REMOVE_WRONG_TYPES = of("remove_wrong_types");

  private static LuaScript presence(String name) {
    return ofText(PRESENCE + read(name), List.of(HASH, HASH, HASH));
  }

  private static LuaScript ofUsers(String name, String... types) {
    return ofText(USER_ID + read(name), List.of(types));
  }

  private static LuaScript of(String name, String... types) {
    return ofText(read(name), List.of(types));
  }

  private static LuaScript ofText(String text, List<String> types) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return new LuaScript(text, HexFormat.of().formatHex(sha), types);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static String read(String name) {
    String path = "/dev/realtime4j/server/redis/" + name + ".lua";
    try (InputStream in = LuaScript.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable in the jar: " + path, e);
    }
  }

  /** The name says enough; the text is long. */
  @Override
  public String toString() {
    return "LuaScript[" + sha + "]";
  }
}
