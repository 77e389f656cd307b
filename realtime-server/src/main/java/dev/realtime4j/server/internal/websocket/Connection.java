package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.transport.TransportConnection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a session holds of its socket: any thread leaves requests here, the loop serves them.
 *
 * <p>However many requests are left between two turns, the connection stands in the loop's stack
 * once: whoever changes no request into some puts it there.
 */
final class Connection implements TransportConnection, EventLoop.Step {
  static final int WRITE = 1;
  static final int READ = 2;
  static final int CLOSE = 4;

  /** The next in a {@link RequestStack}; belongs to the stack while there are requests. */
  @Nullable Connection nextRequesting;

  private final SocketHandler link;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicReference<@Nullable CloseRequest> close = new AtomicReference<>();
  private final AtomicReference<@Nullable CloseRequest> abort = new AtomicReference<>();
  private volatile boolean paused;
  private @Nullable OpenState stage;

  Connection(SocketHandler link) {
    this.link = link;
  }

  SocketHandler link() {
    return link;
  }

  @Override
  public int lane() {
    return link.loop().lane();
  }

  /** The socket is open: requests are served from now on. On the loop's thread. */
  void open(OpenState open) {
    stage = open;
  }

  @Override
  public void wantWrite() {
    request(WRITE);
  }

  @Override
  public long bytesWritten() {
    return link.bytesWritten();
  }

  @Override
  public void pauseReading() {
    paused = true;
    request(READ);
  }

  @Override
  public void resumeReading() {
    paused = false;
    request(READ);
  }

  boolean isPaused() {
    return paused;
  }

  @Override
  public void close(CloseCode code, String reason) {
    close.compareAndSet(null, CloseRequest.of(code, reason, CloseRequest.CloseMode.AFTER_FLUSH));
    request(CLOSE);
  }

  @Override
  public void abort(CloseCode code, String reason) {
    abort.compareAndSet(null, CloseRequest.of(code, reason, CloseRequest.CloseMode.AT_ONCE));
    request(CLOSE);
  }

  /** Whether the session has asked for the end: it is given nothing more. */
  boolean endIsAsked() {
    return close.get() != null || abort.get() != null;
  }

  /** The end that was asked for, the quicker one first; null when none was. */
  @Nullable CloseRequest askedEnd() {
    CloseRequest quick = abort.get();
    return quick != null ? quick : close.get();
  }

  void request(int what) {
    int before;
    do {
      before = requests.get();
      // Also when it changes nothing: the write is what makes the caller's data visible.
    } while (!requests.compareAndSet(before, before | what));
    if (before == 0) {
      link.loop().serve(this);
    }
  }

  /** Serves what was requested. On the loop's thread. */
  @Override
  public void run() throws IOException {
    // Taken before they are served: what is requested meanwhile is a new request.
    int taken = requests.getAndSet(0);
    OpenState open = stage;
    if (open != null && link.isIn(open)) {
      open.serve(taken);
    }
  }
}
