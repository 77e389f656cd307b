package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.UnreadableFrameException;
import dev.realtime4j.server.internal.session.limit.UserBudget;
import dev.realtime4j.server.internal.session.queue.PausedReading;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

  /**
   * A client above its limit is read from again when a message may pass, and after so long anyway:
   * what it sends meanwhile comes at once, and costs one turn of loop and worker.
   */
  private static final long LONGEST_PAUSE = Duration.ofMillis(100).toNanos();

  /** Heartbeats closer together than this count as messages. */
  private static final long HEARTBEAT_APART = Duration.ofMillis(100).toNanos();

  private final Session session;
  private final SessionContext context;
  private final UserBudget.Share budget;
  private final PausedReading reading;
  private long lastHeartbeat;
  private int unreadable;
  private boolean ended;

  MessageReader(
      Session session, SessionContext context, UserBudget.Share budget, PausedReading reading) {
    this.session = session;
    this.context = context;
    this.budget = budget;
    this.reading = reading;
    this.lastHeartbeat = context.nanoTime().getAsLong() - HEARTBEAT_APART;
  }

  /** A lone heartbeat at a sane pace needs nothing done. */
  boolean heartbeatPasses() {
    long now = context.nanoTime().getAsLong();
    boolean passes = now - lastHeartbeat >= HEARTBEAT_APART;
    lastHeartbeat = now;
    return passes;
  }

  /** Reads one WebSocket frame's text. Each line costs a token, also one that says nothing. */
  void read(String text) {
    if (text.indexOf('\n') < 0) {
      readOne(text);
    } else if (linesOf(text) > context.limits().messages().maxPerFrame()) {
      readTooLong();
    } else {
      readLines(text);
    }
  }

  private void readLines(String text) {
    int from = 0;
    while (from < text.length() && !ended) {
      int newline = text.indexOf('\n', from);
      int to = newline < 0 ? text.length() : newline;
      String line = text.substring(from, to);
      if (!line.trim().isEmpty()) {
        readOne(line);
      } else if (!budget.tryPass()) {
        refuse(line);
      }
      from = to + 1;
    }
  }

  /** A newline at the end begins no other line. */
  private static int linesOf(String text) {
    int lines = text.endsWith("\n") ? 0 : 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      lines++;
    }
    return lines;
  }

  private void readTooLong() {
    unreadableFrame("a frame has at most " + context.limits().messages().maxPerFrame() + " lines");
  }

  /** Reads a frame that is not text. */
  void readBinary() {
    unreadableFrame("only text messages are understood");
  }

  private void unreadableFrame(String why) {
    if (ended) {
      return;
    }
    if (budget.tryPass()) {
      unreadable(null, why);
    } else {
      refuse("");
    }
  }

  private void readOne(String message) {
    if (ended) {
      return;
    }
    if (!budget.tryPass()) {
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

  private void unreadable(@Nullable Long id, @Nullable String why) {
    session.send(new Frame.Failure(id, ErrorCode.BAD_REQUEST, why == null ? "" : why, null));
    if (++unreadable >= UNREADABLE_IN_A_ROW) {
      ended = true;
      session.close(CloseCode.PROTOCOL_VIOLATION, "repeated unreadable messages");
    }
  }

  /**
   * What a call costs beside its message.
   *
   * @throws RealtimeException {@code RATE_LIMITED} when it is not there; nothing is spent then
   */
  void spend(int more) {
    if (!budget.trySpend(more)) {
      refused();
      throw new RealtimeException(
          ErrorCode.RATE_LIMITED,
          "this call costs as much as "
              + (1 + more)
              + " messages, of "
              + context.limits().messages().perSecond()
              + " a second",
          Duration.ofMillis(budget.waitMillis(more)),
          null);
    }
  }

  private void refuse(String message) {
    if (!refused()) {
      session.send(
          new Frame.Failure(
              FrameCodec.idOf(message), // Without reading it: a flood is to cost little.
              ErrorCode.RATE_LIMITED,
              "more than " + context.limits().messages().perSecond() + " messages a second",
              Duration.ofMillis(budget.waitMillis(0))));
    }
  }

  /** Counts a refusal; true when it was the last one, and the socket is closed. */
  private boolean refused() {
    if (!budget.refuse()) {
      long wait = TimeUnit.MILLISECONDS.toNanos(budget.waitMillis(0));
      reading.pauseFor(PausedReading.Reason.MESSAGES, Math.min(wait, LONGEST_PAUSE));
      return false;
    }
    ended = true;
    session.close(CloseCode.RATE_LIMITED, "too many messages");
    context.flooded().accept(session.userId());
    return true;
  }
}
