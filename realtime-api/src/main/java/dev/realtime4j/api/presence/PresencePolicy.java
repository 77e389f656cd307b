package dev.realtime4j.api.presence;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import java.util.Set;

/**
 * Who may see whose presence; a service provider interface that the application may implement.
 * Called when a client calls {@code presence.get}, {@code presence.watch} or {@code GET
 * /presence/{user_id}}, and again by {@link Presences#recheck} for everybody whom a socket watches.
 * Everybody sees themselves, without asking. For what the application itself reads with {@link
 * Presences} it is not called either.
 *
 * <p>A hidden user looks like one who never connected: {@code OFFLINE}, without last seen. So
 * nobody learns whether such a user exists.
 *
 * <p>Thread safety: called by several threads at once. It may block: it runs on the server's
 * workers, or on the thread of the HTTP call, and its slowness delays only the session or the call
 * that asked.
 *
 * <p>Errors: a {@link dev.realtime4j.api.RealtimeException} reaches the client as it is; any other
 * exception is logged, and the client gets {@code UNAVAILABLE}. At a recheck either of them hides
 * the users in question.
 */
@FunctionalInterface
public interface PresencePolicy {
  /**
   * Which of these users the viewer may see.
   *
   * @param viewer who asks
   * @param users whom they ask for, without themselves; 1 to {@code maxWatchedUsersPerSocket} of
   *     them; unmodifiable
   * @return those who may be seen; any others are ignored
   */
  Set<UserId> visible(Principal viewer, Set<UserId> users);

  /** Everybody may see everybody: the default. */
  static PresencePolicy everybody() {
    return EverybodyIsVisible.POLICY;
  }
}
