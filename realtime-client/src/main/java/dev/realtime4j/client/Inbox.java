package dev.realtime4j.client;

import dev.realtime4j.api.Registration;
import java.util.function.Consumer;

/**
 * A live view of the user's newest notifications and of how many are unread: what a bell and the
 * list below it show. New ones, what was read and what was deleted, on any device, is in it at
 * once; after a gap, and when things happened at the same time, it reads the server's list again.
 * When it has been quiet for a second or two it equals what the server would answer.
 *
 * <p>It takes part in nothing: what is shown here is told to {@link ClientNotifications#onNew} as
 * well. Unlike there, what was there before the first connection is here too.
 *
 * <p>Made by {@link ClientNotifications#inbox}. Thread safety: any thread; nothing blocks.
 * Listeners are called by the callback executor, one at a time, and hear the newest content: ones
 * in between may be left out.
 *
 * <p>Lifecycle: lives until {@link #close()}, or with its client.
 */
public interface Inbox extends AutoCloseable {
  /** What it holds now; never changes, ask again for a newer one. */
  InboxContent content();

  /** Listens to changes; hears the content that there is now first. */
  Registration onChange(Consumer<? super InboxContent> listener);

  /** Ends it: it stays as it is, and costs nothing more. Idempotent. */
  @Override
  void close();
}
