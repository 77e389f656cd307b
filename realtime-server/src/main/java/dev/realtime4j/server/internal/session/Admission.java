package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.transport.Acceptor;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportSession;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may open a socket: asks for what is cheap first, then for the proof.
 *
 * <p>Thread safety: any thread.
 */
public final class Admission implements Acceptor {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);
  private static final String PROTOCOL = "realtime.v1";
  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  private final SessionContext context;
  private final Authenticator authenticator;
  private final Bans bans;
  private final Supplier<SocketId> ids;
  private final Addresses addresses;
  private final TrustedProxies proxies;
  private final Origins origins;
  private volatile @Nullable Duration draining;

  /**
   * @param ids makes socket ids
   */
  public Admission(
      SessionContext context, Authenticator authenticator, Bans bans, Supplier<SocketId> ids) {
    this.context = context;
    this.authenticator = authenticator;
    this.bans = bans;
    this.ids = ids;
    this.addresses = new Addresses(context.limits(), context.timer());
    this.proxies = TrustedProxies.of(context.limits().trustedProxies());
    this.origins = Origins.of(context.limits().allowedOrigins());
  }

  /** Refuses everybody from now on, and tells them when to come back. */
  public void drain(Duration retryAfter) {
    draining = retryAfter;
  }

  @Override
  public CompletionStage<Decision> decide(Handshake arrived) {
    Duration away = draining;
    if (away != null) {
      return CompletableFuture.completedFuture(
          new Refused(503, ErrorCode.UNAVAILABLE, "the server is draining", away));
    }
    if (!origins.allow(arrived.header("origin").orElse(null))) {
      return CompletableFuture.completedFuture(
          new Refused(403, ErrorCode.FORBIDDEN, "the origin is not allowed", null));
    }
    Handshake handshake = proxies.seenThrough(arrived);
    Addresses.Place place = addresses.take(handshake.remoteAddress());
    if (place == null) {
      return CompletableFuture.completedFuture(
          new Refused(
              429,
              ErrorCode.RATE_LIMITED,
              "too many sockets from this address",
              Duration.ofSeconds(10)));
    }
    return CompletableFuture.supplyAsync(() -> prove(handshake, place), context.workers());
  }

  private Decision prove(Handshake handshake, Addresses.Place place) {
    try {
      Principal principal = authenticator.authenticate(handshake);
      Duration banned = bans.remaining(principal.userId());
      if (banned.isZero()) {
        String protocol = handshake.protocols().contains(PROTOCOL) ? PROTOCOL : null;
        return new Accepted(protocol, connection -> open(handshake, principal, connection, place));
      }
      place.giveBack();
      return new Refused(403, ErrorCode.FORBIDDEN, "the user is banned for now", banned);
    } catch (RealtimeException e) {
      place.giveBack();
      return refused(e);
    } catch (RuntimeException e) {
      place.giveBack();
      log.warn("The authenticator failed; a handshake is refused with 503", e);
      return new Refused(503, ErrorCode.UNAVAILABLE, "authentication is not available", RETRY_SOON);
    }
  }

  private static Refused refused(RealtimeException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return switch (e.code()) {
      case UNAUTHORIZED -> new Refused(401, e.code(), message, null);
      case FORBIDDEN -> new Refused(403, e.code(), message, e.retryAfter());
      default -> new Refused(503, e.code(), message, RETRY_SOON);
    };
  }

  private TransportSession open(
      Handshake handshake,
      Principal principal,
      TransportConnection connection,
      Addresses.Place place) {
    place.opened();
    Session session =
        new Session(ids.get(), handshake, principal, context, connection, place::giveBack);
    session.open();
    if (!bans.remaining(session.userId()).isZero()) {
      session.close(CloseCode.DISCONNECTED, "banned"); // meanwhile
    }
    return session;
  }
}
