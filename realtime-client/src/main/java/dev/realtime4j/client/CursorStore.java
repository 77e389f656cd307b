package dev.realtime4j.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Remembers up to where this client has everything, so that a restarted program misses nothing and
 * gets nothing twice. {@link #inFile} is enough for most; an application that keeps its state
 * elsewhere implements this.
 *
 * <p>A store belongs to one user on one device. Its text is opaque, at most 16 KiB, holds no token
 * and no content of a notification.
 *
 * <p>Thread safety: {@code load} is called once, before {@code save}, on a thread that may block;
 * {@code save} is called by the callback thread, one call at a time, after the listeners have got
 * what the text covers.
 *
 * <p>Failures: when {@code load} throws or its text is damaged, the client logs it and assumes a
 * gap: it reads the whole list, at most the newest 10,000, and notifications may come again. It
 * never assumes a first start, which would lose what was missed. A {@code save} that fails is
 * logged once, and once more when a later one works.
 */
public interface CursorStore {
  /** The text that was saved last; empty only when nothing was ever saved. */
  Optional<String> load();

  /** Replaces what was saved. */
  void save(String text);

  /**
   * Keeps the cursor in a file, which is created if it does not exist. Each user and each running
   * program needs a file of its own.
   *
   * @param file for example in the application's data directory; a second file beside it has the
   *     same name followed by {@code .new}
   */
  static CursorStore inFile(Path file) {
    Objects.requireNonNull(file, "file");
    return new FileCursorStore(file);
  }

  /** Keeps the cursor until the process ends; one client may pass it to the next. */
  static CursorStore inMemory() {
    return new InMemoryCursorStore();
  }
}
