package dev.realtime4j.server.internal.session.handshake;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.protocol.WireTime;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Answer;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.internal.session.call.Params;
import dev.realtime4j.server.internal.session.call.Reply;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** The methods about the session itself. */
public final class TokenRefresh {
  private final AuthenticationExecutor authentication;

  /**
   * @param authentication checks a new token
   */
  public TokenRefresh(AuthenticationExecutor authentication) {
    this.authentication = authentication;
  }

  /** Adds them to the table. */
  public void register(MethodTable methods) {
    methods.register("auth.refresh", this::refresh);
  }

  /**
   * A socket's refreshes come one at a time, so that one socket cannot use up the threads that
   * check tokens.
   */
  private static final class Refreshing {
    final AtomicBoolean underWay = new AtomicBoolean();
  }

  private Reply refresh(Session session, Params params) {
    String token = params.string("token");
    AtomicBoolean underWay = session.state(Refreshing.class, Refreshing::new).underWay;
    if (!underWay.compareAndSet(false, true)) {
      throw new RealtimeException(
          ErrorCode.RATE_LIMITED, "a token of this socket is being checked; wait for the answer");
    }
    return new Reply.Pending(
        authentication
            .authenticate(session.handshake().withToken(token))
            .whenComplete((renewed, failure) -> underWay.set(false))
            .thenApply(renewed -> renewed(session, renewed)));
  }

  private static Answer renewed(Session session, Principal renewed) {
    if (!renewed.userId().equals(session.userId())) {
      throw new RealtimeException(
          ErrorCode.FORBIDDEN, "the token is another user's; open a new socket for it");
    }
    Instant now = session.refresh(renewed);
    return Answer.of(
        Json.object(
            "token_expires_at",
            WireTime.formatOrNull(renewed.expiresAt()),
            "server_time",
            WireTime.format(now)));
  }
}
