package dev.realtime4j.client.internal.connection;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.client.internal.connection.Effect.CloseMode;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.client.internal.websocket.SocketFactory;
import dev.realtime4j.protocol.Frame;
import dev.realtime4j.protocol.FrameCodec;
import dev.realtime4j.protocol.UnreadableFrameException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt and the connection that comes of it: socket, deadline, welcome, heartbeat, end.
 *
 * <p>Whatever arrives is a sign of life of the other end, a part of a message as well: on a slow
 * link a large one takes longer than any heartbeat is waited for.
 *
 * <p>Used by the loop only; what the socket tells is brought there. Frames on their way to the loop
 * are bounded; the policy is <em>back-pressure</em>: the reading thread waits.
 */
public final class ConnectionAttempt implements SocketFactory.Listener {
  private static final Logger log = LoggerFactory.getLogger(ConnectionAttempt.class);
  private static final int FRAMES_AHEAD = 256;
  private static final int ALL_FRAMES = 1 << 20;

  /** So much longer than usual the welcome is waited for, while bytes arrive. */
  static final Duration SLOW_WELCOME = Duration.ofSeconds(60);

  private static final Duration GOODBYE = Duration.ofMillis(500);

  /** Who is told, on the loop; never again once the attempt was dropped. */
  public interface Owner {
    void welcomed(Welcome welcome);

    void frame(Frame frame);

    void lost(DisconnectReason loss);
  }

  private final Loop loop;
  private final Owner owner;
  private final Semaphore ahead = new Semaphore(FRAMES_AHEAD);
  private SocketFactory.@Nullable Socket socket;
  private Loop.Timer deadline = Loop.Timer.NONE;
  private Loop.Timer silence = Loop.Timer.NONE;
  private volatile Duration lastHeard = Duration.ZERO;
  private volatile boolean inside;
  private final HeartbeatMonitor signs;
  private Duration longestSilence = Duration.ZERO;
  private @Nullable Duration announcedReturn;
  private boolean welcomed;
  private boolean over;

  public ConnectionAttempt(Loop loop, Owner owner) {
    this.loop = loop;
    this.owner = owner;
    this.signs = new HeartbeatMonitor(loop, () -> send(FrameCodec.HEARTBEAT));
  }

  public SocketFactory.Socket open(
      SocketFactory sockets, URI target, String token, Duration handshakeTimeout) {
    awaitWelcome(
        handshakeTimeout, handshakeTimeout, loop.uptime(), String.valueOf(target.getAuthority()));
    SocketFactory.Socket opening = sockets.open(target, token, this);
    socket = opening;
    return opening;
  }

  private void awaitWelcome(Duration next, Duration timeout, Duration begin, String server) {
    deadline =
        loop.after(
            next,
            () -> {
              Duration now = loop.uptime();
              Duration last = begin.plus(timeout).plus(SLOW_WELCOME);
              Duration until = lastHeard.plus(timeout);
              Duration left = (until.compareTo(last) < 0 ? until : last).minus(now);
              if (left.isZero() || left.isNegative()) {
                end(DisconnectReason.network("no welcome from " + server + " in time", null));
              } else {
                awaitWelcome(left, timeout, begin, server);
              }
            });
  }

  public void send(String text) {
    if (socket != null && !over) {
      signs.said();
      socket.send(text);
    }
  }

  /** Whether a message has arrived in part. */
  public boolean isArriving() {
    return inside;
  }

  /** The server told when to come back after it closes the connection. */
  public void announceReturn(Duration after) {
    announcedReturn = after;
  }

  /** Ends it; the owner hears nothing more. */
  public void drop(CloseMode mode) {
    over = true;
    signs.end();
    deadline.cancel();
    silence.cancel();
    ahead.release(ALL_FRAMES);
    SocketFactory.Socket last = socket;
    if (last == null) {
      return;
    }
    if (mode == CloseMode.POLITE) {
      last.close();
      loop.after(GOODBYE, last::abort);
    } else {
      last.abort();
    }
  }

  @Override
  public void onBytes(boolean insideMessage) {
    lastHeard = loop.uptime();
    inside = insideMessage;
    signs.heard();
  }

  @Override
  public void onText(String text) {
    ahead.acquireUninterruptibly();
    loop.execute(
        () -> {
          ahead.release();
          received(text);
        });
  }

  @Override
  public void onEnd(SocketFactory.End end) {
    loop.execute(() -> ended(end));
  }

  private void received(String text) {
    for (String message : FrameCodec.split(text)) {
      if (over) {
        return;
      }
      try {
        handle(FrameCodec.decode(message));
      } catch (UnreadableFrameException
          | RealtimeException
          | InvalidValueException
          | DateTimeException e) {
        log.warn(
            "A message of the server could not be read and is left out: {}",
            Printable.of(e.getMessage()));
      }
    }
  }

  private void handle(Frame frame) {
    if (frame instanceof Frame.Heartbeat) {
      send(FrameCodec.HEARTBEAT);
    } else if (welcomed) {
      owner.frame(frame);
    } else if (frame instanceof Frame.Event event && event.event().equals("connected")) {
      welcome(event.data());
    }
  }

  private void welcome(Json data) {
    Welcome welcome = Welcome.read(data);
    welcomed = true;
    deadline.cancel();
    longestSilence = welcome.silence();
    signs.serverWaits(welcome.heartbeatTimeout());
    watchSilence(longestSilence);
    owner.welcomed(welcome);
  }

  private void watchSilence(Duration next) {
    silence =
        loop.after(
            next,
            () -> {
              Duration left = lastHeard.plus(longestSilence).minus(loop.uptime());
              if (left.isZero() || left.isNegative()) {
                end(
                    DisconnectReason.network(
                        "nothing was heard for " + longestSilence.toMillis() + " ms", null));
              } else {
                watchSilence(left);
              }
            });
  }

  private void ended(SocketFactory.End end) {
    if (end instanceof SocketFactory.End.Refused refused) {
      end(DisconnectReason.refused(refused.status(), refused.retryAfter(), refused.detail()));
    } else if (end instanceof SocketFactory.End.Closed closed) {
      end(DisconnectReason.closed(closed.code(), closed.reason(), announcedReturn));
    } else if (end instanceof SocketFactory.End.Unreachable unreachable) {
      end(DisconnectReason.network(unreachable.message(), unreachable.cause()));
    }
  }

  /** Whatever ends it first ends it. */
  public void end(DisconnectReason loss) {
    if (!over) {
      owner.lost(loss);
    }
  }
}
