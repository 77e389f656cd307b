package dev.realtime4j.client.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;

/**
 * One socket. It reads on a thread of ours instead of the library's own, so that it has our name
 * and so that we can clean up when reading is over.
 */
final class JavaWebSocket extends WebSocketClient implements SocketFactory.Socket {
  private final SocketFactory.Listener listener;
  private final RefusalDraft draft;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean opened;
  private volatile boolean aborted;
  private volatile @Nullable Exception failure;

  JavaWebSocket(URI endpoint, Duration connectTimeout, SocketFactory.Listener listener) {
    this(endpoint, connectTimeout, listener, new RefusalDraft());
  }

  private JavaWebSocket(
      URI endpoint, Duration connectTimeout, SocketFactory.Listener listener, RefusalDraft draft) {
    super(endpoint, draft, null, (int) connectTimeout.toMillis());
    this.listener = listener;
    this.draft = draft;
    setTcpNoDelay(true);
    setDaemon(true); // the library's writing thread
    setConnectionLostTimeout(0); // its pings; the protocol has heartbeats
  }

  void begin() {
    Threads.named("client-socket").newThread(this).start();
  }

  @Override
  public void run() {
    try {
      if (!aborted) {
        super.run();
      }
    } catch (Throwable e) {
      failure = e instanceof Exception exception ? exception : new IllegalStateException(e);
    } finally {
      closeSocket();
      releaseWriter();
      tell(CloseFrame.ABNORMAL_CLOSE, "");
      ended.complete(null);
    }
  }

  @Override
  public void onOpen(ServerHandshake handshake) {
    opened = true;
    if (aborted) {
      closeSocket();
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
    failure = e;
  }

  @Override
  public void onClose(int code, String reason, boolean remote) {
    tell(code, reason == null ? "" : reason);
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
    neverWait();
    closeSocket();
  }

  /**
   * Closing TLS says goodbye, and waits without end for a writer that a stalled network holds. A
   * socket that does not linger is closed without.
   */
  private void neverWait() {
    java.net.Socket socket = getSocket();
    if (socket != null) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException alreadyGone) {
        failure = alreadyGone;
      }
    }
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  private void tell(int code, String reason) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    RefusalDraft.Refusal refusal = draft.refusal();
    if (refusal != null) {
      listener.onEnd(new SocketFactory.End.Refused(refusal.status(), refusal.retryAfter()));
    } else if (opened) {
      listener.onEnd(
          new SocketFactory.End.Closed(code < 0 ? CloseFrame.ABNORMAL_CLOSE : code, reason));
    } else {
      Exception cause = failure;
      String why = cause == null ? "the handshake was not completed" : cause.toString();
      listener.onEnd(new SocketFactory.End.Unreachable(why, cause));
    }
  }

  private void closeSocket() {
    java.net.Socket socket = getSocket();
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        failure = alreadyGone;
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
}
