package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.protocol.CallLimits;
import dev.realtime4j.server.internal.session.Session;
import dev.realtime4j.server.internal.session.call.Params;
import java.util.Set;

/** Whom one call is about: so many at once that neither policy nor store is held up by it. */
final class AskedUsers {
  private AskedUsers() {}

  /**
   * Reads them, and has the user pay for them.
   *
   * @throws RealtimeException {@code LIMIT_EXCEEDED} for too many, {@code RATE_LIMITED} when the
   *     user has too little left for so many, {@code BAD_REQUEST} for what are no users
   */
  static Set<UserId> of(Session session, Params params) {
    int named = params.array("user_ids", Integer.MAX_VALUE).size();
    CallLimits.checkUsers(named);
    session.spend(CallLimits.costOf(named) - 1);
    return params.userIds(CallLimits.USERS_AT_ONCE);
  }
}
