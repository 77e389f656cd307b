package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.transport.Acceptor;
import dev.realtime4j.api.transport.Acceptor.Accepted;
import dev.realtime4j.api.transport.Acceptor.Decision;
import dev.realtime4j.api.transport.Acceptor.Refused;
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
final class HandshakeStage implements Stage {
  private static final Logger log = LoggerFactory.getLogger(HandshakeStage.class);

  private final Link link;
  private final TransportLimits limits;
  private final Acceptor acceptor;
  private final ProxiedConnections proxied;
  private final Duration timeout;
  private final HeadReader reader;
  private boolean deciding;

  /**
   * @param timeout for all of it
   */
  HandshakeStage(
      Link link,
      TransportLimits limits,
      Acceptor acceptor,
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
    } catch (RefusedException e) {
      if (ProxyHeader.isBegun(reader.all())) {
        proxied.unexpected(link.remoteAddress());
      }
      refuse(e.refusal());
    }
  }

  private void begin(RequestHead head) throws IOException, RefusedException {
    try {
      HandshakeRules.check(head);
    } catch (RefusedException e) {
      throw head.method().equals("HEAD") ? new RefusedException(e.refusal().withoutBody()) : e;
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
      refuse(Refusal.of(refused));
    } else {
      log.warn("a handshake from {} could not be decided", link.remoteAddress(), failure);
      refuse(Refusal.unavailable("it cannot be decided now; try again"));
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
      refuse(Refusal.unavailable("the server failed; try again"));
      return;
    }
    link.enter(new OpenStage(connection, session, limits, answer, reader.rest()));
  }

  private void refuse(Refusal refusal) throws IOException {
    link.enter(new RefusalStage(link, refusal));
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
      refuse(Refusal.unavailable("the decision took too long; try again"));
    } else if (reader.isEmpty()) {
      link.close();
    } else {
      refuse(Refusal.of(408, ErrorCode.BAD_REQUEST, "the request did not arrive in time"));
    }
  }

  @Override
  public void shutDown() throws IOException {
    if (reader.isEmpty()) {
      link.close();
    } else {
      refuse(Refusal.unavailable("the server is stopping"));
    }
  }

  @Override
  public void closed() {
    // No session knows of it.
  }
}
