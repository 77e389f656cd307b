package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.api.transport.TransportSession;
import dev.realtime4j.server.internal.websocket.CloseRequest.CloseMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open WebSocket: frames to session, session to frames, and the way they part. On its loop's
 * thread only; a session that throws is closed with 1011 and disturbs nobody else.
 */
final class OpenState implements ChannelState, FrameSink, FrameWriter.Source {
  private static final Logger log = LoggerFactory.getLogger(OpenState.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketHandler link;
  private final Connection connection;
  private final TransportSession session;

  /** Read at once; null afterwards, for the whole request is behind it. */
  private @Nullable ByteBuffer early;

  private final FrameReader frames;
  private final Pace pace;
  private final FrameWriter outflow;

  /** The handshake's answer, sent before all else; null once it is on its way. */
  private byte @Nullable [] answer;

  private final Pongs pongs = new Pongs();
  private final ControlFrames controls;

  private @Nullable CloseRequest closeRequest;
  private boolean full;
  private boolean closeQueued;
  private boolean closeSent;
  private boolean clientClosed;

  /**
   * @param answer the handshake's answer
   * @param early what came together with the handshake
   */
  OpenState(
      Connection connection,
      TransportSession session,
      TransportLimits limits,
      byte[] answer,
      ByteBuffer early) {
    this.link = connection.link();
    this.connection = connection;
    this.session = session;
    this.answer = answer;
    this.early = early;
    EventLoop loop = link.loop();
    this.frames = new FrameReader(limits.maxMessageBytes(), loop.draft(), this);
    this.controls = new ControlFrames(loop.controlFramesPerSecond());
    this.pace = new Pace(loop.sendBufferBytes());
    this.outflow = new FrameWriter(loop.writeSpace(), pace, loop.nanoTime());
  }

  @Override
  public void entered() throws IOException {
    connection.open(this);
    link.wantRead(true);
    write();
    ByteBuffer first = early;
    early = null;
    read(first == null ? NOTHING : first);
  }

  @Override
  public void readable() throws IOException {
    ByteBuffer in = link.loop().readBuffer().clear();
    if (link.read(in) < 0) {
      link.close();
    } else {
      read(in.flip());
    }
  }

  private void read(ByteBuffer in) throws IOException {
    if (closeRequest != null && !closeRequest.readsOn()) {
      return;
    }
    try {
      if (in.hasRemaining()) {
        frames.read(in);
      } else {
        frames.readHeld();
      }
    } catch (ProtocolViolation e) {
      leave(new CloseRequest(e.closeCode(), String.valueOf(e.getMessage()), CloseMode.FAILED));
    }
    if (!pongs.isEmpty() || (closeRequest != null && !closeQueued)) {
      write();
    } else if (closeSent && clientClosed) {
      link.close();
    }
  }

  @Override
  public void writable() throws IOException {
    if (full && pace.emptied(link.loop().nanoTime().getAsLong())) {
      link.sendBuffer(pace.sendBufferBytes());
    }
    full = false;
    write();
  }

  @Override
  public void signOfLife() {
    try {
      session.onSignOfLife();
    } catch (Throwable e) {
      sessionFailed(e);
    }
  }

  /** Serves what any thread has requested. */
  void serve(int requests) throws IOException {
    if ((requests & Connection.CLOSE) != 0) {
      CloseRequest asked = connection.askedEnd();
      if (asked != null) {
        leave(asked);
      }
    }
    if ((requests & (Connection.READ | Connection.CLOSE)) != 0) {
      link.wantRead(!connection.isPaused() || closeRequest != null);
      read(NOTHING);
    }
    if ((requests & Connection.WRITE) != 0) {
      write();
    }
  }

  private void write() throws IOException {
    if (full || link.isClosed()) {
      return;
    }
    switch (outflow.pump(link.channel(), this)) {
      case ALL_WRITTEN -> {
        link.wantWrite(false);
        if (closeQueued && !closeSent) {
          closeFrameIsSent();
        }
      }
      case SOCKET_FULL -> {
        full = true;
        link.wantWrite(true);
      }
      case MORE_WAITS -> connection.wantWrite();
    }
  }

  private void closeFrameIsSent() throws IOException {
    closeSent = true;
    if (clientClosed) {
      link.close();
    } else if (closeRequest != null && !closeRequest.readsOn()) {
      link.endOutput(); // Its end is all that can still be understood of the client.
    }
  }

  @Override
  public boolean addNext(FrameRun run) {
    if (closeQueued) {
      return false;
    }
    byte[] first = answer;
    answer = null;
    if (first == null) {
      first = pongs.poll();
    }
    if (first != null) {
      run.addRaw(first);
      return true;
    }
    byte[] text = closeRequest == null || closeRequest.flushesFirst() ? takeOutgoing() : null;
    if (text != null) {
      run.addText(text);
      return true;
    }
    CloseRequest leaving = closeRequest;
    if (leaving != null) {
      closeQueued = true;
      run.addRaw(link.loop().draft().close(leaving.code(), leaving.reason()));
      return true;
    }
    return false;
  }

  @Override
  public void addUrgent(FrameRun run) {
    if (closeQueued) {
      return;
    }
    for (byte[] pong = pongs.poll(); pong != null; pong = pongs.poll()) {
      run.addInFront(pong);
    }
    for (byte[] text = takeUrgent(); text != null; text = takeUrgent()) {
      run.addInFront(FrameRun.textFrame(text));
    }
  }

  private byte @Nullable [] takeUrgent() {
    try {
      return closeRequest == null || closeRequest.flushesFirst() ? session.takeUrgent() : null;
    } catch (Throwable e) {
      sessionFailed(e);
      return null;
    }
  }

  private byte @Nullable [] takeOutgoing() {
    try {
      return session.takeOutgoing(pace.frameBytes());
    } catch (Throwable e) {
      sessionFailed(e);
      return null;
    }
  }

  /** Begins to part; the first to do so says why, unless a quicker end overtakes a slow one. */
  private void leave(CloseRequest next) {
    CloseRequest now = closeRequest;
    boolean quicker = now != null && now.flushesFirst() && !next.flushesFirst();
    if (now != null && !quicker) {
      return;
    }
    if (now == null || !closeQueued) {
      closeRequest = next;
    }
    if (!next.flushesFirst()) {
      outflow.dropTexts();
    }
    link.deadline(next.mode().patience());
    link.wantRead(true);
  }

  @Override
  public boolean takesMore() {
    boolean reading = closeRequest == null ? !connection.isPaused() : closeRequest.readsOn();
    return reading && !clientClosed;
  }

  @Override
  public void text(String text) {
    if (isListening()) {
      try {
        session.onText(text);
      } catch (Throwable e) {
        sessionFailed(e);
      }
    }
  }

  @Override
  public void binary() {
    if (isListening()) {
      try {
        session.onUnreadable();
      } catch (Throwable e) {
        sessionFailed(e);
      }
    }
  }

  private boolean isListening() {
    return closeRequest == null && !connection.endIsAsked();
  }

  @Override
  public void ping(ByteBuffer payload) throws IOException {
    if (closeRequest != null || !controlPasses()) {
      return;
    }
    if (pongs.isFull()) {
      write(); // A socket that takes them gets them all.
    }
    pongs.add(link.loop().draft().pong(payload));
  }

  @Override
  public void pong() {
    if (closeRequest == null) {
      controlPasses();
    }
  }

  private boolean controlPasses() {
    boolean passes = controls.tryPass(link.loop().nanoTime().getAsLong());
    if (!passes) {
      leave(CloseRequest.of(CloseCode.RATE_LIMITED, "too many control frames", CloseMode.FAILED));
    }
    return passes;
  }

  @Override
  public void close(int code, String reason) {
    clientClosed = true;
    leave(new CloseRequest(code, reason, CloseMode.ECHO));
  }

  private void sessionFailed(Throwable e) {
    log.error("a session failed; its connection is closed", e);
    leave(CloseRequest.serverFailed());
  }

  @Override
  public void overdue() throws IOException {
    boolean stalled =
        !closeSent && closeRequest != null && closeRequest.mode() == CloseMode.AT_ONCE;
    if (stalled) {
      link.reset(); // Else the kernel keeps its buffer for minutes, for who reads nothing.
    } else {
      link.close();
    }
  }

  @Override
  public void shutDown() throws IOException {
    leave(CloseRequest.of(CloseCode.RESTARTING, "the server is stopping", CloseMode.AT_ONCE));
    read(NOTHING);
  }

  @Override
  public void closed() {
    CloseRequest last = closeRequest;
    try {
      if (last == null) {
        session.onClosed(CloseCode.ABNORMAL.value(), "");
      } else {
        session.onClosed(last.code(), last.reason());
      }
    } catch (Throwable e) {
      log.error("a session failed at its end", e);
    }
  }
}
