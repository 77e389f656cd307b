package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.server.BanCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is calling, and whether they may. */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final Authenticator authenticator;
  private final BanCheck bans;
  private final InstantSource clock;

  Gate(Authenticator authenticator, BanCheck bans, InstantSource clock) {
    this.authenticator = authenticator;
    this.bans = bans;
    this.clock = clock;
  }

  Principal authenticate(HttpRequest request) {
    Principal principal = ask(handshake(request));
    Instant expiresAt = principal.expiresAt();
    if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
      throw new RealtimeException(ErrorCode.UNAUTHORIZED, "the token has expired");
    }
    Duration banned = bans.remainingBan(principal.userId());
    if (!banned.isZero()) {
      throw new RealtimeException(ErrorCode.FORBIDDEN, "the user is banned for now", banned, null);
    }
    return principal;
  }

  void demand(Principal principal, String scope) {
    if (!principal.hasScope(scope)) {
      throw new RealtimeException(
          ErrorCode.FORBIDDEN, "this call needs a token with the scope " + scope);
    }
  }

  private Principal ask(Handshake handshake) {
    try {
      return authenticator.authenticate(handshake);
    } catch (RealtimeException e) {
      switch (e.code()) {
        case UNAUTHORIZED, FORBIDDEN, UNAVAILABLE -> throw e;
        default -> throw failed(e);
      }
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /**
   * The places of a token that only a WebSocket needs are cut off: a token in a URL ends in the
   * access log of every proxy on the way, and a program that speaks HTTP can set a header.
   */
  private static Handshake handshake(HttpRequest request) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.remove("sec-websocket-protocol");
    return Handshake.of(request.path(), headers, request.remoteAddress());
  }

  private static RealtimeException failed(RuntimeException e) {
    log.warn("The authenticator failed with {}; answered 503", Traceless.describe(e));
    return new RealtimeException(ErrorCode.UNAVAILABLE, "the token cannot be checked now");
  }
}
