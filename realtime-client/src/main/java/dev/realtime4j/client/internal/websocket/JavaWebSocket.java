package dev.realtime4j.client.internal.websocket;

import dev.realtime4j.client.internal.loop.ClientThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;

/**
 * One socket. It connects and reads on a thread of ours instead of the library's own, so that it
 * has our name, and so that we tell how it ended once all is known that there is to know: of the
 * library's two threads either may be the first to meet the end, and only one knows its cause.
 */
final class JavaWebSocket extends WebSocketClient implements SocketFactory.Socket {
  /** Makes the connection; blocks. */
  @FunctionalInterface
  interface Dialing {
    /**
     * @param opening takes each socket before it connects
     */
    java.net.Socket dial(Consumer<java.net.Socket> opening) throws IOException;
  }

  private static final int GOODBYE_SECONDS = 1;

  /** The status of a refusal is there: so long its reason is waited for, behind it. */
  private static final int REASON_MILLIS = 2_000;

  private final SocketFactory.Listener listener;
  private final RefusalDraft draft;
  private final FrameWatch watch;
  private final Patience patience;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile java.net.@Nullable Socket opening;
  private volatile boolean opened;
  private volatile boolean aborted;
  private @Nullable Throwable failure;
  private int closeCode = CloseFrame.ABNORMAL_CLOSE;
  private String closeReason = "";

  JavaWebSocket(Endpoint endpoint, Dialing dialing, SocketFactory.Listener listener) {
    this(endpoint, dialing, listener, new FrameWatch(), new Patience());
  }

  private JavaWebSocket(
      Endpoint endpoint,
      Dialing dialing,
      SocketFactory.Listener listener,
      FrameWatch watch,
      Patience patience) {
    this(
        endpoint,
        dialing,
        listener,
        watch,
        new RefusalDraft(watch, () -> listener.onBytes(watch.isInside()), patience),
        patience);
  }

  private JavaWebSocket(
      Endpoint endpoint,
      Dialing dialing,
      SocketFactory.Listener listener,
      FrameWatch watch,
      RefusalDraft draft,
      Patience patience) {
    super(endpoint.uri(), draft, null, 0);
    this.listener = listener;
    this.draft = draft;
    this.watch = watch;
    this.patience = patience;
    setTcpNoDelay(true);
    setDaemon(true); // the library's writing thread
    setConnectionLostTimeout(0); // its pings; the protocol has heartbeats
    setSocketFactory(new Connected(() -> dialing.dial(this::opening)));
  }

  void begin() {
    ClientThreads.named("client-socket").newThread(this).start();
  }

  @Override
  public void run() {
    try {
      if (!aborted) {
        super.run();
      }
    } catch (Throwable e) {
      failed(e);
    } finally {
      closeSocket(GOODBYE_SECONDS);
      releaseWriter();
      tell();
      ended.complete(null);
    }
  }

  private void opening(java.net.Socket socket) {
    opening = socket;
    patience.socket = socket;
    if (aborted) {
      cut();
    }
  }

  @Override
  public void onOpen(ServerHandshake handshake) {
    opened = true;
    if (aborted) {
      cut();
    }
  }

  @Override
  public void onMessage(String message) {
    if (!aborted) {
      listener.onText(message);
    }
  }

  @Override
  public void onError(Exception e) {
    failed(e);
  }

  @Override
  public synchronized void onClose(int code, String reason, boolean remote) {
    closeCode = code < 0 ? CloseFrame.ABNORMAL_CLOSE : code;
    closeReason = reason == null ? "" : reason;
  }

  @Override
  public void send(String text) {
    try {
      super.send(text);
    } catch (WebsocketNotConnectedException lateSend) {
      // Told by onEnd: whoever sends learns there what became of it.
    }
  }

  @Override
  public void close() {
    if (opened) {
      super.close();
    } else {
      abort();
    }
  }

  @Override
  public void abort() {
    aborted = true;
    cut();
  }

  /**
   * Ends the connection below TLS first. Closing TLS says goodbye, and waits for a writer that a
   * stalled network holds; on a socket that is gone nobody waits.
   */
  private void cut() {
    linger(opening, 0);
    close(opening);
    closeSocket(0);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** The first failure counts; but one of TLS says more than the end that it led to. */
  private synchronized void failed(Throwable e) {
    if (failure == null || e instanceof SSLException && !(failure instanceof SSLException)) {
      failure = e;
    }
  }

  /** At the end of the reading thread: nothing more will be known. */
  private synchronized void tell() {
    RefusedAnswer refusal = draft.refusal();
    Throwable cause = failure;
    if (refusal != null) {
      listener.onEnd(
          new SocketFactory.End.Refused(refusal.status(), refusal.retryAfter(), refusal.detail()));
    } else if (watch.isClosed()) {
      listener.onEnd(new SocketFactory.End.Closed(watch.closeCode(), watch.closeReason()));
    } else if (opened) {
      String reason = closeReason.isEmpty() && cause != null ? cause.toString() : closeReason;
      listener.onEnd(new SocketFactory.End.Closed(closeCode, reason));
    } else if (cause == null) {
      listener.onEnd(new SocketFactory.End.Unreachable(withoutCause(), null));
    } else {
      listener.onEnd(new SocketFactory.End.Unreachable(cause.toString(), cause));
    }
  }

  private String withoutCause() {
    return draft.isForeign()
        ? "what answered does not speak HTTP: is it an endpoint of wss://?"
        : "the handshake was not completed: "
            + (closeReason.isEmpty() ? "the other end closed the connection" : closeReason);
  }

  /**
   * @param seconds how long TLS may wait for a writer before it closes without a goodbye
   */
  private void closeSocket(int seconds) {
    linger(getSocket(), seconds);
    close(getSocket());
    close(opening);
  }

  private static void linger(java.net.@Nullable Socket socket, int seconds) {
    if (socket != null) {
      try {
        socket.setSoLinger(true, seconds);
      } catch (IOException closed) {
        // Then there is nothing to wait for.
      }
    }
  }

  private static void close(java.net.@Nullable Socket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException closed) {
        // It is closed all the same.
      }
    }
  }

  /**
   * The library forgets its writing thread when the connection is closed while that thread is only
   * being made: it would wait for ever. A byte for the closed socket makes it fail and end.
   */
  private void releaseWriter() {
    ((WebSocketImpl) getConnection()).outQueue.add(ByteBuffer.wrap(new byte[1]));
  }

  /** From then on the reading thread waits for a while only, not for ever. */
  private static final class Patience implements Runnable {
    private volatile java.net.@Nullable Socket socket;

    @Override
    public void run() {
      java.net.Socket reading = socket;
      if (reading != null) {
        try {
          reading.setSoTimeout(REASON_MILLIS);
        } catch (IOException closed) {
          // Then reading ends at once.
        }
      }
    }
  }

  /** Makes what the library asks for: one socket, which is connected already. */
  private final class Connected extends javax.net.SocketFactory {
    private final Dial dial;

    Connected(Dial dial) {
      this.dial = dial;
    }

    @Override
    public java.net.Socket createSocket() throws IOException {
      return new WatchedSocket(dial.now(), JavaWebSocket.this::failed);
    }

    @Override
    public java.net.Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public java.net.Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public java.net.Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public java.net.Socket createSocket(
        InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  @FunctionalInterface
  private interface Dial {
    java.net.Socket now() throws IOException;
  }
}
