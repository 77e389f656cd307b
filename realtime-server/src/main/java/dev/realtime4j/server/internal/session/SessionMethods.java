package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.protocol.WireTime;

/** The methods about the session itself. */
public final class SessionMethods {
  private final Authenticator authenticator;

  /**
   * @param authenticator proves a new token
   */
  public SessionMethods(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /** Adds them to the table. */
  public void register(MethodTable methods) {
    methods.register("auth.refresh", this::refresh);
  }

  private Answer refresh(Session session, Params params) {
    Principal renewed =
        authenticator.authenticate(session.handshake().withToken(params.string("token")));
    if (!renewed.userId().equals(session.userId())) {
      throw new RealtimeException(
          ErrorCode.FORBIDDEN, "the token is another user's; open a new socket for it");
    }
    session.refresh(renewed);
    return Answer.of(Json.object("token_expires_at", WireTime.formatOrNull(renewed.expiresAt())));
  }
}
