package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.internal.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a refusal so that the client can read it: all of it, then the end of our side, then the
 * rest of what the client sends is read and forgotten. A socket closed with unread input would be
 * reset, and the reset would overtake the answer.
 */
final class RejectingState implements ChannelState {
  private static final Logger log = LoggerFactory.getLogger(RejectingState.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final SocketHandler link;
  private final HandshakeRejection refusal;
  private final ByteBuffer answer;

  RejectingState(SocketHandler link, HandshakeRejection refusal) {
    this.link = link;
    this.answer = ByteBuffer.wrap(refusal.toBytes());
    this.refusal = refusal;
  }

  @Override
  public void entered() throws IOException {
    if (log.isDebugEnabled()) {
      log.debug(
          "Handshake from {} refused with {}: {}",
          link.remoteAddress().getHostAddress(),
          refusal.status(),
          Printable.of(refusal.message()));
    }
    link.deadline(PATIENCE);
    link.wantRead(true);
    writable();
  }

  @Override
  public void writable() throws IOException {
    link.write(answer);
    link.wantWrite(answer.hasRemaining());
    if (!answer.hasRemaining()) {
      link.endOutput();
    }
  }

  @Override
  public void readable() throws IOException {
    if (!link.discardInput()) {
      link.close();
    }
  }

  @Override
  public void overdue() {
    link.close();
  }

  @Override
  public void shutDown() {
    // It is on its way out already.
  }

  @Override
  public void closed() {
    // Nobody knows of it.
  }
}
