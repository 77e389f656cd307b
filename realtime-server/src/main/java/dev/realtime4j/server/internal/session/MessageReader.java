package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.UnreadableFrameException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one client says: reads it, counts it against the limits, and calls the methods. Clients that
 * keep on with what cannot be read, or above their limit, are closed.
 *
 * <p>Thread safety: {@link #heartbeatPasses} is called by the transport's thread, the rest by the
 * session's inbox, one call at a time.
 */
final class MessageReader {
  /** So many unreadable messages in a row end the socket. */
  private static final int UNREADABLE_IN_A_ROW = 5;

  /** Heartbeats closer together than this count as messages. */
  private static final long HEARTBEAT_APART = Duration.ofMillis(100).toNanos();

  /** A socket that has this many bursts refused within one memory of them is closed. */
  private static final int REFUSED_BURSTS = 5;

  /** After so long within the limit, refusals are forgotten. */
  private static final long REFUSALS_FORGOTTEN = Duration.ofSeconds(10).toNanos();

  private final Session session;
  private final SessionContext context;
  private final MessageLimiter limiter;
  private final int tolerated;
  private long lastHeartbeat = System.nanoTime() - HEARTBEAT_APART;
  private int unreadable;
  private int refused;
  private long lastRefused;
  private boolean ended;

  MessageReader(Session session, SessionContext context) {
    this.session = session;
    this.context = context;
    SessionLimits limits = context.limits();
    this.limiter =
        new MessageLimiter(limits.messagesPerSecond(), limits.messageBurst(), System.nanoTime());
    this.tolerated = REFUSED_BURSTS * limits.messageBurst();
  }

  /** A lone heartbeat at a sane pace needs nothing done. */
  boolean heartbeatPasses() {
    long now = System.nanoTime();
    boolean passes = now - lastHeartbeat >= HEARTBEAT_APART;
    lastHeartbeat = now;
    return passes;
  }

  /** Reads one WebSocket frame's text. */
  void read(String text) {
    for (String message : FrameCodec.split(text)) {
      if (ended) {
        return;
      }
      readOne(message);
    }
  }

  private void readOne(String message) {
    if (!limiter.tryPass(System.nanoTime())) {
      refuse(message);
      return;
    }
    try {
      Frame frame = FrameCodec.decode(message);
      if (frame instanceof Frame.Call call) {
        unreadable = 0;
        context.methods().call(session, call);
      } else if (!(frame instanceof Frame.Heartbeat)) {
        unreadable(null, "a client sends calls: {\"id\",\"method\",\"params\"}");
      }
    } catch (UnreadableFrameException e) {
      unreadable(e.id(), e.getMessage());
    }
  }

  /** Answers what cannot be read. */
  void unreadable(@Nullable Long id, @Nullable String why) {
    if (ended) {
      return;
    }
    session.send(new Frame.Failure(id, ErrorCode.BAD_REQUEST, why == null ? "" : why, null));
    if (++unreadable >= UNREADABLE_IN_A_ROW) {
      ended = true;
      session.close(CloseCode.NOT_THIS_PROTOCOL, "repeated unreadable messages");
    }
  }

  private void refuse(String message) {
    long now = System.nanoTime();
    if (refused > 0 && now - lastRefused > REFUSALS_FORGOTTEN) {
      refused = 0;
    }
    lastRefused = now;
    if (++refused > tolerated) {
      ended = true;
      session.close(CloseCode.RATE_LIMITED, "too many messages");
      context.flooded().accept(session.userId());
      return;
    }
    session.send(
        new Frame.Failure(
            idOf(message),
            ErrorCode.RATE_LIMITED,
            "more than " + context.limits().messagesPerSecond() + " messages a second",
            Duration.ofMillis(limiter.waitMillis())));
  }

  private static @Nullable Long idOf(String message) {
    try {
      return FrameCodec.decode(message) instanceof Frame.Call call ? call.id() : null;
    } catch (UnreadableFrameException e) {
      return e.id();
    }
  }
}
