package dev.realtime4j.server.redis;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.ServerId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the bus stands in Redis: channel names, and messages as {@code <origin>\n<message>}. The
 * origin is the node that sent it, or empty for what a script published.
 */
final class BusWire {
  private static final String CHANNEL = "realtime:bus:";

  /** On which nodes say that messages of theirs were lost. */
  static final String LOST = "realtime:bus-lost";

  private static final byte[] NOTHING = {};

  private final byte[] origin;
  private final String probe;

  BusWire(ServerId self) {
    origin = self.value().getBytes(StandardCharsets.UTF_8);
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

  /** The message with this node as its origin. */
  byte[] sent(byte[] message) {
    byte[] sent = Arrays.copyOf(origin, origin.length + 1 + message.length);
    sent[origin.length] = '\n';
    System.arraycopy(message, 0, sent, origin.length + 1, message.length);
    return sent;
  }

  /** A note that has nothing to say but where it comes from. */
  byte[] note() {
    return sent(NOTHING);
  }

  /** Whether this node sent it, and so has had it already. */
  boolean isOwn(byte[] sent) {
    return sent.length > origin.length
        && sent[origin.length] == '\n'
        && Arrays.equals(sent, 0, origin.length, origin, 0, origin.length);
  }

  /**
   * Whether another node says something by it: anything else could cost a catch-up of all users.
   */
  boolean isNoteOfAnother(byte[] sent) {
    if (isOwn(sent) || sent.length < 2 || sent.length > 65 || sent[sent.length - 1] != '\n') {
      return false;
    }
    try {
      new ServerId(new String(sent, 0, sent.length - 1, StandardCharsets.UTF_8));
      return true;
    } catch (InvalidValueException noNode) {
      return false;
    }
  }

  /** What was sent, without its origin. */
  static byte[] message(byte[] sent) {
    int end = 0;
    while (end < sent.length && sent[end] != '\n') {
      end++;
    }
    return Arrays.copyOfRange(sent, Math.min(end + 1, sent.length), sent.length);
  }
}
