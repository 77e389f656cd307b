package dev.realtime4j.server;

import dev.realtime4j.api.UserId;
import java.time.Duration;

/**
 * Who is banned now.
 *
 * <p>Thread safety: called by several threads at once; returns at once.
 */
@FunctionalInterface
public interface BanCheck {
  /** How long the user is still refused; zero when they are not. */
  Duration remainingBan(UserId user);
}
