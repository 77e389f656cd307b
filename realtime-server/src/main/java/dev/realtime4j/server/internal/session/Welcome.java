package dev.realtime4j.server.internal.session;

import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first things a socket hears: the {@code connected} event, which features add to, and what
 * must follow it before anything live.
 *
 * <p>Thread safety: used by one worker while a session opens.
 */
public final class Welcome {
  private final Map<String, @Nullable Object> connected = new LinkedHashMap<>();
  private final List<byte[]> following = new ArrayList<>();

  /** Adds a member to {@code connected}; null stands for the JSON null. */
  public void put(String name, @Nullable Object value) {
    connected.put(name, value);
  }

  /** Adds a message that follows {@code connected}. */
  public void follow(byte[] message) {
    following.add(message);
  }

  List<byte[]> messages() {
    List<byte[]> messages = new ArrayList<>(following.size() + 1);
    messages.add(
        FrameCodec.encodeBytes(Frame.Event.of("connected", dev.realtime4j.api.Json.of(connected))));
    messages.addAll(following);
    return messages;
  }
}
