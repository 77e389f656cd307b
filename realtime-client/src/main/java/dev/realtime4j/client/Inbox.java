package dev.realtime4j.client;

import dev.realtime4j.api.Registration;
import java.util.function.Consumer;

/**
 * A live view of the user's newest notifications and of how many are unread: what a bell and the
 * list below it show. What is new, read or deleted, on any device, appears in it at once; after a
 * gap, and after simultaneous events, it reads the server's list again. After a second or two
 * without events it equals what the server would answer.
 *
 * <p>It only watches: {@link ClientNotifications#onNew} gets the same notifications. Unlike there,
 * notifications from before the first connection are here too.
 *
 * <p>Made by {@link ClientNotifications#inbox}. Thread safety: any thread; nothing blocks.
 * Listeners are called by the callback executor, one at a time, and get the newest content;
 * intermediate ones may be skipped.
 *
 * <p>Lifecycle: lives until {@link #close()}, or with its client.
 */
public interface Inbox extends AutoCloseable {
  /** What it holds now: a snapshot that never changes. */
  InboxContent content();

  /** Listens to changes; the listener first gets the current content. */
  Registration onChange(Consumer<? super InboxContent> listener);

  /** Stops it: its content stays as it is and is no longer updated. Idempotent. */
  @Override
  void close();
}
