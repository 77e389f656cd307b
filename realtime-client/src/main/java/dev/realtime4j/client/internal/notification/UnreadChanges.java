package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.InboxContent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells one listener of each change of the count, from when it is first known. Used by the callback
 * thread only.
 */
final class UnreadChanges implements Consumer<InboxContent> {
  private final Consumer<? super UnreadCount> listener;
  private @Nullable UnreadCount last;

  UnreadChanges(Consumer<? super UnreadCount> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(InboxContent content) {
    boolean known = last != null || content.current();
    if (known && !content.unread().equals(last)) {
      last = content.unread();
      listener.accept(content.unread());
    }
  }
}
