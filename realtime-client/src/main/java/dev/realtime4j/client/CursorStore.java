package dev.realtime4j.client;

import java.util.Optional;

/**
 * Remembers how far this client has everything, so that a restarted program misses nothing and
 * hears nothing twice; implemented by an application that wants that over restarts.
 *
 * <p>A store belongs to one user on one device. Its text is opaque, at most 16 KiB, holds no token
 * and no content of a notification.
 *
 * <p>Thread safety: {@code load} is called once, before {@code save}, on a thread that may be
 * blocked; {@code save} is called by the callback thread, one call at a time, after the application
 * was told of what the text covers. Exceptions are logged and otherwise ignored.
 */
public interface CursorStore {
  /** What was saved last; empty when nothing was. */
  Optional<String> load();

  /** Replaces what was saved. */
  void save(String text);

  /** Forgets with the process; may be handed from one client to the next. */
  static CursorStore inMemory() {
    return new InMemoryCursorStore();
  }
}
