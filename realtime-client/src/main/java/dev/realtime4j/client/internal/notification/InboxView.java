package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.NotificationDeleted;
import dev.realtime4j.client.NotificationsRead;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Listeners;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.protocol.NotificationJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One live view. An event that comes alone is taken at its word. Events that come close together,
 * or close to an answer of the server, may overtake each other: then the list and the count are
 * read again as soon as it is quiet. What happens while they are read is done once more on what was
 * read, which harms nothing, and makes sure that it is read again.
 *
 * <p>Thread safety: public methods from any thread; all else on the loop.
 */
public final class InboxView implements Inbox {
  public static final Duration QUIET = Duration.ofMillis(500);
  public static final Duration ALONE = Duration.ofSeconds(2);
  public static final Duration PAUSE = Duration.ofSeconds(2);

  private final Loop loop;
  private final Calls calls;
  private final Function<Json, Page<Notification>> reader;
  private final Callbacks callbacks;
  private final Consumer<InboxView> onClose;
  private final Listeners<InboxContent> listeners = new Listeners<>();
  private final AtomicBoolean telling = new AtomicBoolean();
  private final InboxItems items;
  private final List<Runnable> whileReading = new ArrayList<>();
  private Loop.Timer timer = Loop.Timer.NONE;
  private @Nullable Duration lastChange;
  private long reading;
  private boolean isReading;
  private boolean online;
  private boolean loaded;
  private boolean doubtful = true;
  private volatile boolean closed;
  private volatile InboxContent content =
      new InboxContent(List.of(), new UnreadCount(0, false), false);

  /**
   * @param most how many notifications it holds; none when only the count is wanted
   */
  public InboxView(
      Loop loop,
      Calls calls,
      Function<Json, Page<Notification>> reader,
      Callbacks callbacks,
      int most,
      Consumer<InboxView> onClose) {
    this.loop = loop;
    this.calls = calls;
    this.reader = reader;
    this.callbacks = callbacks;
    this.items = new InboxItems(most);
    this.onClose = onClose;
  }

  @Override
  public InboxContent content() {
    return content;
  }

  @Override
  public Registration onChange(Consumer<? super InboxContent> listener) {
    return onChange(listener, listener);
  }

  /** Adds a listener that wraps the application's. */
  Registration onChange(Object identity, Consumer<? super InboxContent> listener) {
    Registration registration = listeners.add(identity, listener);
    tell();
    return registration;
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          online = false;
          stopReading();
          timer.cancel();
          onClose.accept(this);
        });
  }

  /** There is a connection, and what was missed is on its way. */
  void online() {
    online = true;
    doubtful = true;
    if (loaded) {
      readWhenQuiet(QUIET);
    } else {
      read();
    }
  }

  void offline() {
    online = false;
    doubtful = true;
    stopReading();
    timer.cancel();
    publish();
  }

  void arrived(Notification notification) {
    happened(() -> doubtful |= !items.arrived(notification));
  }

  public void read(NotificationsRead read) {
    happened(() -> items.read(read));
  }

  public void deleted(NotificationDeleted deleted) {
    happened(() -> doubtful |= !items.deleted(deleted));
  }

  /** What came may have come before, or may be missing: the list is read again. */
  public void doubt() {
    happened(() -> doubtful = true);
  }

  /** The server said how many are unread, by the way. */
  public void told(UnreadCount unread) {
    if (!unread.equals(items.unread())) {
      happened(
          () -> {
            items.unread(unread);
            doubtful = true;
          });
    }
  }

  private void happened(Runnable change) {
    if (closed) {
      return;
    }
    Duration now = loop.uptime();
    doubtful |= lastChange == null || now.minus(lastChange).compareTo(ALONE) < 0;
    lastChange = now;
    if (isReading) {
      whileReading.add(change);
    }
    change.run();
    if (doubtful) {
      readWhenQuiet(QUIET);
    }
    publish();
  }

  private void readWhenQuiet(Duration quiet) {
    timer.cancel();
    if (online && !isReading) {
      timer = loop.after(quiet, this::read);
    }
  }

  private void read() {
    if (closed || !online || isReading) {
      return;
    }
    isReading = true;
    long mine = ++reading;
    CompletableFuture<Page<Notification>> page =
        items.most() == 0
            ? CompletableFuture.completedFuture(new Page<>(List.of(), null))
            : call("notification.list", Json.object("limit", items.most()), reader);
    page.thenCompose(
            list ->
                call("notification.unread_count", Json.EMPTY, NotificationJson::unread)
                    .thenAccept(count -> answered(mine, list, count)))
        .exceptionally(failure -> failed(mine, failure));
  }

  private <T> CompletableFuture<T> call(String method, Json params, Function<Json, T> read) {
    Call<T> call = new Call<>(Call.Owner.CONNECTION, method, params, read);
    calls.callFirst(call);
    return call.future;
  }

  private void answered(long mine, Page<Notification> page, UnreadCount unread) {
    if (mine != reading || !isReading) {
      return;
    }
    List<Runnable> missed = List.copyOf(whileReading);
    stopReading();
    loaded = true;
    doubtful = !missed.isEmpty();
    lastChange = loop.uptime();
    items.replace(page, unread);
    missed.forEach(Runnable::run);
    if (doubtful) {
      readWhenQuiet(QUIET);
    }
    publish();
  }

  @SuppressWarnings("NullAway") // Void has no other value
  private Void failed(long mine, Throwable failure) {
    if (mine == reading && isReading) {
      stopReading();
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      Duration told = cause instanceof RealtimeException refusal ? refusal.retryAfter() : null;
      readWhenQuiet(told == null ? PAUSE : told);
    }
    return null;
  }

  private void stopReading() {
    isReading = false;
    whileReading.clear();
  }

  private void publish() {
    InboxContent next =
        new InboxContent(items.newestFirst(), items.unread(), online && loaded && !doubtful);
    if (!next.equals(content)) {
      content = next;
      tell();
    }
  }

  /** One telling waits at most, whatever happens meanwhile: it tells what is true then. */
  private void tell() {
    if (!listeners.isEmpty() && telling.compareAndSet(false, true)) {
      callbacks.submit(
          () -> {
            telling.set(false);
            if (!closed) {
              listeners.tell(content);
            }
          });
    }
  }
}
