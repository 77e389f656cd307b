package dev.realtime4j.server.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that Redis runs as one step. All keys of one call are in the same slot.
 *
 * @param text in Lua
 * @param sha by which Redis knows it once it has run
 */
record LuaScript(String text, String sha) {
  /** The scripts about one user begin with what they share. */
  private static final String PRESENCE = read("presence");

  static final LuaScript PRESENCE_CONNECTED = presence("presence_connected");
  static final LuaScript PRESENCE_REFRESH = presence("presence_refresh");
  static final LuaScript PRESENCE_DISCONNECTED = presence("presence_disconnected");
  static final LuaScript PRESENCE_SET_STATUS = presence("presence_set_status");
  static final LuaScript PRESENCE_SOCKETS = presence("presence_sockets");
  static final LuaScript PRESENCE_CLAIM = presence("presence_claim");
  static final LuaScript EXPIRY_SCHEDULE = of(read("expiry_schedule"));
  static final LuaScript EXPIRY_DUE = of(read("expiry_due"));
  static final LuaScript EXPIRY_SETTLE = of(read("expiry_settle"));
  static final LuaScript ROOM_JOIN = of(read("room_join"));
  static final LuaScript ROOM_LEAVE = of(read("room_leave"));
  static final LuaScript ROOM_MEMBERS = of(read("room_members"));
  static final LuaScript ROOM_REMOVE_SERVER = of(read("room_remove_server"));
  static final LuaScript SERVER_BEAT = of(read("server_beat"));
  static final LuaScript SERVER_CLAIM = of(read("server_claim"));

  private static LuaScript presence(String name) {
    return of(PRESENCE + read(name));
  }

  private static LuaScript of(String text) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return new LuaScript(text, HexFormat.of().formatHex(sha));
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
