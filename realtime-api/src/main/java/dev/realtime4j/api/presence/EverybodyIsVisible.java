package dev.realtime4j.api.presence;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import java.util.Set;

/** The policy of an application that has no rule. */
final class EverybodyIsVisible implements PresencePolicy {
  static final PresencePolicy POLICY = new EverybodyIsVisible();

  private EverybodyIsVisible() {}

  @Override
  public Set<UserId> visible(Principal viewer, Set<UserId> users) {
    return users;
  }

  @Override
  public String toString() {
    return "PresencePolicy.everybody()";
  }
}
