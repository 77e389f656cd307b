package dev.realtime4j.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Remembers how far this client has everything, so that a restarted program misses nothing and
 * hears nothing twice. {@link #inFile} is enough for most; an application that keeps such things
 * elsewhere implements this.
 *
 * <p>A store belongs to one user on one device. Its text is opaque, at most 16 KiB, holds no token
 * and no content of a notification.
 *
 * <p>Thread safety: {@code load} is called once, before {@code save}, on a thread that may be
 * blocked; {@code save} is called by the callback thread, one call at a time, after the application
 * was told of what the text covers.
 *
 * <p>Failures: what {@code load} cannot read, because it throws or because its text is damaged, is
 * logged and taken for a gap: the client reads the whole list, at most the newest 10,000, and what
 * the application was told before may be told again. It is never taken for a first start, which
 * would lose what was missed. A {@code save} that fails is logged once, and once more when a later
 * one works.
 */
public interface CursorStore {
  /** What was saved last; empty only when nothing was ever saved. */
  Optional<String> load();

  /** Replaces what was saved. */
  void save(String text);

  /**
   * Keeps it in a file, which is made when there is none. Each user needs a file of their own, and
   * each running program, too.
   *
   * @param file for example in the application's data directory; a second file beside it has the
   *     same name with {@code .new} behind
   */
  static CursorStore inFile(Path file) {
    Objects.requireNonNull(file, "file");
    return new FileCursorStore(file);
  }

  /** Forgets with the process; may be handed from one client to the next. */
  static CursorStore inMemory() {
    return new InMemoryCursorStore();
  }
}
