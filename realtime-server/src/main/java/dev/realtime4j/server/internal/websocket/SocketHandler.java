package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One accepted socket and the stage it is in. Used on its loop's thread only. */
final class SocketHandler implements EventLoop.Step {
  private static final Logger log = LoggerFactory.getLogger(SocketHandler.class);

  /** After so many reads in a row other sockets have their turn. */
  private static final int READS_IN_A_ROW = 8;

  private final EventLoop loop;
  private final SocketChannel socket;
  private final MeteredSocket metered;

  /** What bytes go through: the socket, or TLS around it. */
  private final ByteChannel bytes;

  private final @Nullable TlsBytes tls;
  private final SelectionKey key;
  private final ConnectionSlot place;

  /** What the stage wants. */
  private int wanted = SelectionKey.OP_READ;

  /** What the selector looks for. */
  private int interest = SelectionKey.OP_READ;

  /** Whose the connection is, if a proxy said so. */
  private @Nullable InetAddress toldAddress;

  /** While what comes is not yet TLS. */
  private boolean clear;

  private @Nullable ChannelState stage;
  private Deadlines.@Nullable Deadline<SocketHandler> deadline;
  private boolean closed;

  SocketHandler(
      EventLoop loop,
      SocketChannel socket,
      SelectionKey key,
      @Nullable TlsSetup setup,
      ConnectionSlot place) {
    this.loop = loop;
    this.socket = socket;
    this.metered = new MeteredSocket(socket);
    this.tls =
        setup == null
            ? null
            : new TlsBytes(
                metered,
                setup,
                place,
                loop.tlsBuffers(),
                loop::execute,
                () -> loop.guarded(this, this::advance));
    this.bytes = tls == null ? metered : tls;
    this.key = key;
    this.place = place;
  }

  EventLoop loop() {
    return loop;
  }

  /** Begins another stage; the deadline of the one before is gone with it. */
  void enter(ChannelState next) throws IOException {
    stage = next;
    cancelDeadline();
    next.entered();
    tellTurn();
  }

  /** Reads what came before the selector looked: a client that has spoken is not a silent one. */
  void begin() throws IOException {
    if (tls != null && !clear) {
      advance();
    } else {
      readOn();
      tellTurn();
    }
  }

  ConnectionSlot place() {
    return place;
  }

  private void tellTurn() {
    ChannelState now = stage;
    if (place.isHalfOpen() && now != null) {
      place.turn(now.keepsServerWaiting() && (tls == null || !tls.isWorking()));
    }
  }

  boolean isIn(ChannelState other) {
    return stage == other && !closed;
  }

  boolean isClosed() {
    return closed;
  }

  /** The selector found it ready. */
  @Override
  public void run() throws IOException {
    ChannelState now = stage;
    if (closed || now == null) {
      return;
    }
    int ops = key.readyOps();
    if (tls != null && !clear) {
      readyTls(tls, ops);
    } else {
      readyPlain(now, ops);
    }
    tellTurn();
    ChannelState after = stage;
    if (metered.takeSignOfLife() && !closed && after != null) {
      after.signOfLife();
    }
  }

  private void readyPlain(ChannelState now, int ops) throws IOException {
    if ((ops & SelectionKey.OP_WRITE) != 0) {
      now.writable();
    }
    if ((ops & SelectionKey.OP_READ) != 0 && isIn(now)) {
      now.readable();
    }
  }

  private void readyTls(TlsBytes secure, int ops) throws IOException {
    if (!secure.isEstablished()) {
      advance();
      return;
    }
    boolean written = (ops & SelectionKey.OP_WRITE) != 0 && secure.flush();
    if (written) {
      writeOn();
    }
    if ((ops & SelectionKey.OP_READ) != 0 || (written && secure.holdsInput())) {
      readOn();
    }
    follow();
  }

  /** The handshake of TLS goes on; once it is done, what the stage wanted meanwhile. */
  private void advance() throws IOException {
    if (closed || tls == null) {
      return;
    }
    if (tls.advance()) {
      tls.flush();
      readOn();
      writeOn();
    }
    follow();
    tellTurn();
  }

  private void writeOn() throws IOException {
    ChannelState now = stage;
    if (!closed && now != null && (wanted & SelectionKey.OP_WRITE) != 0) {
      now.writable();
    }
  }

  /** Reads what came, and what TLS holds, which the selector would not tell of. */
  private void readOn() throws IOException {
    for (int i = 0; i < READS_IN_A_ROW; i++) {
      ChannelState now = stage;
      if (closed || now == null || (wanted & SelectionKey.OP_READ) == 0) {
        return;
      }
      now.readable();
      if (tls == null || !tls.holdsInput()) {
        return;
      }
    }
    loop.execute(this, this::readHeld);
  }

  private void readHeld() throws IOException {
    if (tls != null && tls.holdsInput()) {
      readOn();
      follow();
    }
  }

  void overdue() throws IOException {
    ChannelState now = stage;
    if (!closed && now != null) {
      now.overdue();
    }
  }

  void shutDown() throws IOException {
    ChannelState now = stage;
    if (!closed && now != null) {
      now.shutDown();
    }
  }

  /** Reads what is there, at most what the buffer takes; -1 at the end. */
  int read(ByteBuffer into) throws IOException {
    return bytes.read(into);
  }

  /** Writes what the socket takes. */
  int write(ByteBuffer from) throws IOException {
    return bytes.write(from);
  }

  ByteChannel channel() {
    return bytes;
  }

  /** Reads whatever came and forgets it; false when the other side has ended. */
  boolean discardInput() throws IOException {
    return read(loop.readBuffer().clear()) >= 0;
  }

  /** Says that nothing more will be written; reading goes on. */
  void endOutput() throws IOException {
    if (tls == null) {
      socket.shutdownOutput();
    } else {
      tls.endOutput();
      follow();
    }
  }

  void wantRead(boolean on) {
    interest(SelectionKey.OP_READ, on);
  }

  void wantWrite(boolean on) {
    interest(SelectionKey.OP_WRITE, on);
  }

  private void interest(int op, boolean on) {
    int before = wanted;
    wanted = on ? wanted | op : wanted & ~op;
    if (tls != null && (wanted & ~before & SelectionKey.OP_READ) != 0 && tls.holdsInput()) {
      loop.execute(this, this::readHeld);
    }
    follow();
  }

  /** Has the selector look for what is wanted, or for what TLS needs before. */
  private void follow() {
    int now = tls == null || clear ? wanted : tls.interest(wanted);
    if (now != interest && !closed) {
      interest = now;
      key.interestOps(now);
    }
  }

  /** Calls the stage's {@code overdue} then, instead of at any earlier set time. */
  void deadline(Duration after) {
    cancelDeadline();
    if (!closed) {
      deadline = loop.deadlines().add(this, after);
    }
  }

  private void cancelDeadline() {
    Deadlines.Deadline<SocketHandler> pending = deadline;
    if (pending != null) {
      pending.cancel();
      deadline = null;
    }
  }

  /** How many bytes the kernel has taken. Any thread. */
  long bytesWritten() {
    return metered.bytesWritten();
  }

  /** Sets what the kernel may hold of this socket. */
  void sendBuffer(int size) throws IOException {
    socket.setOption(StandardSocketOptions.SO_SNDBUF, size);
  }

  /** Whether what comes is in the clear, before TLS. */
  void readInTheClear(boolean on) {
    clear = on;
    follow();
  }

  /** Reads from the socket itself, below TLS; -1 at the end. */
  int readClear(ByteBuffer into) throws IOException {
    return metered.read(into);
  }

  /** A proxy that is believed said whose the connection is. */
  void remoteAddress(InetAddress told) {
    toldAddress = told;
    place.belongsTo(told);
  }

  InetAddress remoteAddress() throws IOException {
    InetAddress told = toldAddress;
    if (told != null) {
      return told;
    }
    if (socket.getRemoteAddress() instanceof InetSocketAddress address) {
      return address.getAddress();
    }
    throw new IOException("the socket has no remote address");
  }

  /** Closes the socket and has the kernel drop what the client did not take. */
  void reset() throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    close();
  }

  /** Closes the socket; idempotent. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    cancelDeadline();
    key.cancel();
    try {
      bytes.close();
    } catch (IOException e) {
      log.debug("closing a socket failed", e);
    }
    place.closed();
    ChannelState last = stage;
    if (last != null) {
      last.closed();
    }
  }
}
