package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.internal.PrintableFailure;
import dev.realtime4j.api.presence.PresencePolicy;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's policy, so that nothing it does goes further than its answer: everybody sees
 * themselves, whoever was not asked for is not answered, and what it throws is {@code UNAVAILABLE}.
 *
 * <p>Thread safety: any thread.
 */
final class GuardedPolicy implements PresencePolicy {
  private static final Logger log = LoggerFactory.getLogger(GuardedPolicy.class);

  private final PresencePolicy policy;

  /**
   * @param policy of the application
   */
  GuardedPolicy(PresencePolicy policy) {
    this.policy = policy;
  }

  /** Whether it may ever hide anybody. */
  boolean mayHide() {
    return policy != PresencePolicy.everybody();
  }

  @Override
  public Set<UserId> visible(Principal viewer, Set<UserId> users) {
    if (!mayHide()) {
      return users;
    }
    Set<UserId> others = new LinkedHashSet<>(users);
    boolean own = others.remove(viewer.userId());
    Set<UserId> visible = new HashSet<>();
    if (own) {
      visible.add(viewer.userId());
    }
    if (!others.isEmpty()) {
      Set<UserId> allowed = ask(viewer, Set.copyOf(others));
      others.stream().filter(allowed::contains).forEach(visible::add);
    }
    return visible;
  }

  private Set<UserId> ask(Principal viewer, Set<UserId> users) {
    try {
      return Set.copyOf(policy.visible(viewer, users));
    } catch (RealtimeException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn(
          "The presence policy failed for user {}; nobody is shown",
          viewer.userId(),
          PrintableFailure.of(e));
      throw RealtimeException.unavailable("who may be seen cannot be told now", e);
    }
  }

  /** The same where nobody could be told of a failure: hides all of them then. */
  Set<UserId> visibleOrNone(Principal viewer, Set<UserId> users) {
    try {
      return visible(viewer, users);
    } catch (RealtimeException e) {
      log.warn("The presence policy does not answer for user {}: {}", viewer.userId(), e.code());
      return users.contains(viewer.userId()) ? Set.of(viewer.userId()) : Set.of();
    }
  }
}
