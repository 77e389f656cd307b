package dev.realtime4j.server.internal.session.handshake;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.transport.HandshakeHandler;
import dev.realtime4j.api.transport.TransportConnection;
import dev.realtime4j.api.transport.TransportSession;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.SessionContext;
import dev.realtime4j.server.internal.session.address.AddressLimiter;
import dev.realtime4j.server.internal.session.address.TrustedProxies;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may open a socket: checks what is cheap first, then the token.
 *
 * <p>Thread safety: any thread.
 */
public final class HandshakeAcceptor implements HandshakeHandler {
  private static final String PROTOCOL = "realtime.v1";

  private final SessionContext context;
  private final AuthenticationExecutor authentication;
  private final UserBans bans;
  private final Supplier<SocketId> ids;
  private final AddressLimiter addresses;
  private final ConnectRateLimiter connects;
  private final TrustedProxies proxies;
  private final AllowedOrigins origins;
  private volatile @Nullable Duration draining;

  /**
   * @param ids makes socket ids
   */
  public HandshakeAcceptor(
      SessionContext context,
      AuthenticationExecutor authentication,
      UserBans bans,
      Supplier<SocketId> ids) {
    this.context = context;
    this.authentication = authentication;
    this.bans = bans;
    this.ids = ids;
    this.addresses = new AddressLimiter(context.limits(), context.timer());
    this.connects = new ConnectRateLimiter(context.limits(), context.environment());
    this.proxies = TrustedProxies.of(context.limits().handshakes().trustedProxies());
    this.origins = AllowedOrigins.of(context.limits().handshakes().allowedOrigins());
  }

  /** Refuses everybody from now on, and tells them when to come back. */
  public void drain(Duration retryAfter) {
    draining = retryAfter;
  }

  @Override
  public CompletionStage<Decision> decide(Handshake arrived) {
    Duration away = draining;
    if (away != null) {
      return CompletableFuture.completedFuture(isDraining(away));
    }
    if (!origins.allow(arrived.header("origin").orElse(null))) {
      return CompletableFuture.completedFuture(
          new Refused(403, ErrorCode.FORBIDDEN, "the origin is not allowed", null));
    }
    Handshake handshake = proxies.seenThrough(arrived);
    Refused tooOften = connects.refusal(handshake.remoteAddress());
    if (tooOften != null) {
      return CompletableFuture.completedFuture(tooOften);
    }
    AddressLimiter.Permit permit = addresses.acquire(handshake.remoteAddress());
    if (permit == null) {
      return CompletableFuture.completedFuture(
          new Refused(
              429,
              ErrorCode.RATE_LIMITED,
              "too many sockets from this address",
              Duration.ofSeconds(10)));
    }
    return authentication
        .authenticate(handshake)
        .handle(
            (principal, failure) ->
                principal == null
                    ? CompletableFuture.completedFuture(refuse(failure, permit))
                    : admitted(handshake, principal, permit))
        .thenCompose(Function.identity());
  }

  /** On a worker: a node that has none free would not say a word to the socket. */
  private CompletableFuture<Decision> admitted(
      Handshake handshake, Principal principal, AddressLimiter.Permit permit) {
    return CompletableFuture.supplyAsync(
        () -> admit(handshake, principal, permit), context.workers());
  }

  private static Refused isDraining(Duration retryAfter) {
    return new Refused(503, ErrorCode.UNAVAILABLE, "the server is draining", retryAfter);
  }

  private Decision admit(Handshake handshake, Principal principal, AddressLimiter.Permit permit) {
    Duration away = draining;
    if (away != null) {
      permit.giveBack();
      return isDraining(away);
    }
    Duration banned = bans.remaining(principal.userId());
    if (!banned.isZero()) {
      permit.giveBack();
      return new Refused(403, ErrorCode.FORBIDDEN, "the user is banned for now", banned);
    }
    Refused tooOften = connects.refusal(principal.userId());
    if (tooOften == null) {
      String protocol = handshake.protocols().contains(PROTOCOL) ? PROTOCOL : null;
      return new Accepted(protocol, connection -> open(handshake, principal, connection, permit));
    }
    permit.giveBack();
    return tooOften;
  }

  private static Decision refuse(@Nullable Throwable failure, AddressLimiter.Permit permit) {
    permit.giveBack();
    RealtimeException e =
        failure instanceof RealtimeException known
            ? known
            : RealtimeException.unavailable("the token cannot be checked now", failure);
    return new Refused(
        e.code().httpStatus(), e.code(), String.valueOf(e.getMessage()), e.retryAfter());
  }

  private TransportSession open(
      Handshake handshake,
      Principal principal,
      TransportConnection connection,
      AddressLimiter.Permit permit) {
    permit.opened();
    Session session =
        new Session(ids.get(), handshake, principal, context, connection, permit::giveBack);
    session.open();
    if (!bans.remaining(session.userId()).isZero()) {
      session.close(CloseCode.DISCONNECTED, "banned"); // meanwhile
    }
    Duration away = draining;
    if (away != null) {
      // Meanwhile; whoever has been sent away already is not hurt by a second time.
      session.drain(context.random().nextLong(away.toMillis() + 1));
    }
    return session;
  }
}
