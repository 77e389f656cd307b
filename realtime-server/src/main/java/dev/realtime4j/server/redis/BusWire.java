package dev.realtime4j.server.redis;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.ServerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the bus stands in Redis: channel names, and its own notes. A message is what the node
 * publishes, byte by byte.
 */
final class BusWire {
  private static final String CHANNEL = "realtime:bus:";

  /** On which nodes say that messages of theirs were lost. */
  static final String LOST = "realtime:bus-lost";

  private final byte[] note;
  private final String probe;

  BusWire(ServerId self) {
    note = (self + "\n").getBytes(StandardCharsets.UTF_8);
    probe = "realtime:bus-probe:" + self;
  }

  /** On which this node hears itself. */
  String probe() {
    return probe;
  }

  static String redisChannel(String channel) {
    return CHANNEL + channel;
  }

  /** The channel of a Redis channel that carries messages. */
  static String channel(String redisChannel) {
    return redisChannel.substring(CHANNEL.length());
  }

  static boolean carriesMessages(String redisChannel) {
    return redisChannel.startsWith(CHANNEL);
  }

  /** A note has nothing to say but where it comes from. */
  byte[] note() {
    return note;
  }

  /**
   * Whether another node says something by it: anything else could cost a catch-up of all users.
   */
  boolean isNoteOfAnother(byte[] sent) {
    if (Arrays.equals(sent, note)
        || sent.length < 2
        || sent.length > 65
        || sent[sent.length - 1] != '\n') {
      return false;
    }
    try {
      new ServerId(new String(sent, 0, sent.length - 1, StandardCharsets.UTF_8));
      return true;
    } catch (InvalidValueException noNode) {
      return false;
    }
  }
}
