package dev.realtime4j.client.internal.notification;

import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Loop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** All the views that are open. Thread safety: any thread opens one; all else on the loop. */
public final class InboxViews {
  private final Loop loop;
  private final Calls calls;
  private final NotificationReader reader;
  private final Callbacks callbacks;
  private final List<InboxView> open = new CopyOnWriteArrayList<>();
  private boolean online;

  public InboxViews(Loop loop, Calls calls, NotificationReader reader, Callbacks callbacks) {
    this.loop = loop;
    this.calls = calls;
    this.reader = reader;
    this.callbacks = callbacks;
  }

  /** Opens one; with none at most it counts only. */
  InboxView open(int most) {
    InboxView view = new InboxView(loop, calls, reader::page, callbacks, most, open::remove);
    loop.execute(
        () -> {
          open.add(view);
          if (online) {
            view.online();
          }
        });
    return view;
  }

  public void online() {
    online = true;
    open.forEach(InboxView::online);
  }

  public void offline() {
    online = false;
    open.forEach(InboxView::offline);
  }

  public void each(Consumer<InboxView> what) {
    open.forEach(what);
  }
}
