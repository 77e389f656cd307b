package dev.realtime4j.api;

import java.util.Optional;

/**
 * Tells what is wrong with a store, for the health of a node; a service provider interface, and an
 * optional one: a store that cannot be wrong leaves all of it as it is.
 *
 * <p>Thread safety: every method may be called by any thread; all of them may be repeated and
 * change nothing.
 */
public interface StoreDiagnostics {
  /**
   * Looks whether this store can be used as it is: that its tables are there and of the version
   * that this code needs, and that it has its rights on them. Cheap: a node calls it at its start,
   * and then every 5 to 30 seconds. A node whose store never was fit is not ready. May block.
   *
   * @throws RealtimeException {@code UNAVAILABLE} when the store does not answer, so that nobody
   *     can tell; another code when somebody has to mend it, with a message that says what is wrong
   *     and what to do. It is shown in the health of the node: it holds nothing secret, and is the
   *     same each time
   */
  default void check() {}

  /**
   * What calls so far have shown to be wrong with the content of this store, such as rows that were
   * brought from elsewhere, in one sentence with its remedy; empty when nothing is. It holds
   * nothing secret and is the same each time: a node shows it in its health. Answered from memory,
   * every few seconds; does not block.
   */
  default Optional<String> problem() {
    return Optional.empty();
  }
}
