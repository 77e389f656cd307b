package dev.realtime4j.api;

import java.util.Optional;

/**
 * Reports what is wrong with a store, for the health of a node; an optional service provider
 * interface: a store that cannot fail in this way keeps the defaults.
 *
 * <p>Thread safety: every method may be called by any thread; all of them may be repeated and
 * change nothing.
 */
public interface StoreDiagnostics {
  /**
   * Checks whether this store can be used: that its tables exist in the version that this code
   * needs, and that it has the rights on them. Cheap: a node calls it at its start, and then every
   * 5 to 30 seconds. A node whose store has never passed is not ready. May block.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store is unavailable, so that nobody can
   *     tell; another code when somebody has to fix it, with a message that says what is wrong and
   *     what to do. The health of the node shows the message: it must contain no secret, and be the
   *     same each time
   */
  default void check() {}

  /**
   * What earlier calls have found wrong with the content of this store, such as rows from another
   * database, in one sentence with its remedy; empty when nothing is. The health of the node shows
   * it: it must contain no secret, and be the same each time. Called every few seconds and answered
   * from memory; must not block.
   */
  default Optional<String> problem() {
    return Optional.empty();
  }
}
