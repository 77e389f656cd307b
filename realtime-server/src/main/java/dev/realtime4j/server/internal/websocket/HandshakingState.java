package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.HandshakeHandler.Accepted;
import dev.realtime4j.api.transport.HandshakeHandler.Decision;
import dev.realtime4j.api.transport.HandshakeHandler.Refused;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.api.transport.TransportSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From an accepted socket to an open or refused one: reads the request, has it decided about, and
 * answers. One deadline covers all of it. While the decision is made nothing is read.
 */
final class HandshakingState implements ChannelState {
  private static final Logger log = LoggerFactory.getLogger(HandshakingState.class);

  private final SocketHandler link;
  private final TransportLimits limits;
  private final HandshakeHandler acceptor;
  private final ProxiedConnections proxied;
  private final Duration timeout;
  private final HeadReader reader;
  private boolean deciding;

  /**
   * @param timeout for all of it
   */
  HandshakingState(
      SocketHandler link,
      TransportLimits limits,
      HandshakeHandler acceptor,
      ProxiedConnections proxied,
      Duration timeout) {
    this.link = link;
    this.limits = limits;
    this.acceptor = acceptor;
    this.proxied = proxied;
    this.timeout = timeout;
    this.reader = new HeadReader(limits.maxHandshakeBytes());
  }

  @Override
  public void entered() {
    link.deadline(timeout);
  }

  @Override
  public void readable() throws IOException {
    ByteBuffer in = link.loop().readBuffer().clear();
    in.limit(Math.min(in.capacity(), reader.room()));
    if (link.read(in) < 0) {
      link.close();
      return;
    }
    try {
      if (reader.add(in.flip())) {
        begin(reader.head());
      }
    } catch (HandshakeRejectedException e) {
      if (ProxyHeader.isBegun(reader.all())) {
        proxied.unexpected(link.remoteAddress());
      }
      refuse(e.refusal());
    }
  }

  private void begin(RequestHead head) throws IOException, HandshakeRejectedException {
    try {
      HandshakeRules.check(head);
    } catch (HandshakeRejectedException e) {
      throw head.method().equals("HEAD")
          ? new HandshakeRejectedException(e.refusal().withoutBody())
          : e;
    }
    decide(head);
  }

  private void decide(RequestHead head) throws IOException {
    Handshake handshake = Handshake.of(head.target(), head.headers(), link.remoteAddress());
    deciding = true;
    link.wantRead(false);
    try {
      acceptor
          .decide(handshake)
          .whenComplete(
              (decision, failure) ->
                  link.loop().execute(link, () -> decided(head, decision, failure)));
    } catch (Throwable e) {
      decided(head, null, e);
    }
  }

  private void decided(RequestHead head, @Nullable Decision decision, @Nullable Throwable failure)
      throws IOException {
    if (!link.isIn(this)) {
      return; // Too late: the deadline has answered.
    }
    if (decision instanceof Accepted accepted) {
      open(head, accepted);
    } else if (decision instanceof Refused refused) {
      refuse(HandshakeRejection.of(refused));
    } else {
      log.warn("a handshake from {} could not be decided", link.remoteAddress(), failure);
      refuse(HandshakeRejection.unavailable("it cannot be decided now; try again"));
    }
  }

  private void open(RequestHead head, Accepted accepted) throws IOException {
    if (!link.place().opened()) {
      return; // It is about to be closed.
    }
    Connection connection = new Connection(link);
    byte[] answer = link.loop().draft().switchingProtocols(head, accepted.protocol());
    TransportSession session;
    try {
      session = Objects.requireNonNull(accepted.session().apply(connection), "no session");
    } catch (Throwable e) {
      log.error("no session could be made for {}", link.remoteAddress(), e);
      refuse(HandshakeRejection.unavailable("the server failed; try again"));
      return;
    }
    link.enter(new OpenState(connection, session, limits, answer, reader.rest()));
  }

  private void refuse(HandshakeRejection refusal) throws IOException {
    link.enter(new RejectingState(link, refusal));
  }

  @Override
  public boolean keepsServerWaiting() {
    return !deciding;
  }

  @Override
  public void writable() {
    // Nothing is written before the answer, and the answer is another stage's.
  }

  @Override
  public void overdue() throws IOException {
    if (deciding) {
      refuse(HandshakeRejection.unavailable("the decision took too long; try again"));
    } else if (reader.isEmpty()) {
      link.close();
    } else {
      refuse(
          HandshakeRejection.of(408, ErrorCode.BAD_REQUEST, "the request did not arrive in time"));
    }
  }

  @Override
  public void shutDown() throws IOException {
    if (reader.isEmpty()) {
      link.close();
    } else {
      refuse(HandshakeRejection.unavailable("the server is stopping"));
    }
  }

  @Override
  public void closed() {
    // No session knows of it.
  }
}
