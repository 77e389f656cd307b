package dev.realtime4j.server.internal.health;

/**
 * Tells the operator of what is wrong and lasts: in the health of the node, in its figures, and
 * once in the log when it appears and when it goes.
 *
 * <p>A store that is unavailable is no problem of this kind: it has a part of the health of its
 * own.
 *
 * <p>Thread safety: any thread; never blocks.
 */
public interface Problems {
  /**
   * Something is wrong. Repeating it changes nothing; another sentence under the same name replaces
   * the one before and is logged again.
   *
   * @param name what it is about, in lower case with dots, such as {@code clock.database}: programs
   *     may watch for it
   * @param message one sentence that says what is wrong and what to do. Nothing secret, as the
   *     health is shown to everybody, and nothing that differs each time, as each change is logged
   */
  void report(String name, String message);

  /** It is no longer wrong; may be called when it never was. */
  void clear(String name);
}
