package dev.realtime4j.server.internal.session.handshake;

import dev.realtime4j.api.UserId;
import java.time.Duration;

/**
 * Who may not connect for now, as handshakes ask for it.
 *
 * <p>Thread safety: called by any thread; answers from memory.
 */
@FunctionalInterface
public interface UserBans {
  /** How long the user is still refused; zero when they are not. */
  Duration remaining(UserId user);
}
