package dev.realtime4j.client.internal;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages through the list of notifications, newest first, down to what the application has, and
 * hands over what it has not, oldest first.
 *
 * <p>Bounded to {@value #MOST} notifications; the policy is <em>the newest</em>: older ones are
 * found on the list only. Used by the loop only; dropped when its connection is.
 */
final class Resync {
  static final int MOST = 10_000;
  static final int PAGE = 100;
  static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Resync.class);

  private final Loop loop;
  private final Calls calls;
  private final SeenIds seen;
  private final Function<Json, Page<Notification>> reader;
  private final Consumer<Resync> done;
  private final List<Notification> unseen = new ArrayList<>();
  private boolean dropped;

  /** What the client has everything before, once this is done; null when the server did not say. */
  final @Nullable SyncCursor cursor;

  Resync(
      Loop loop,
      Calls calls,
      SeenIds seen,
      Function<Json, Page<Notification>> reader,
      @Nullable SyncCursor cursor,
      Consumer<Resync> done) {
    this.loop = loop;
    this.calls = calls;
    this.seen = seen;
    this.reader = reader;
    this.cursor = cursor;
    this.done = done;
  }

  void begin() {
    if (seen.bound() == null) {
      finish(); // the application has nothing and is behind nothing
    } else {
      ask(null);
    }
  }

  void drop() {
    dropped = true;
  }

  /** What the application has not, oldest first. */
  List<Notification> unseen() {
    List<Notification> oldestFirst = new ArrayList<>(unseen);
    Collections.reverse(oldestFirst);
    return oldestFirst;
  }

  private void ask(@Nullable String pageCursor) {
    Call<Page<Notification>> call =
        new Call<>(
            Call.Owner.CONNECTION,
            "notification.list",
            Json.object("limit", PAGE, "cursor", pageCursor),
            reader);
    call.future.whenComplete(
        (page, failure) -> {
          if (dropped) {
            return;
          }
          if (failure != null) {
            retry(pageCursor, failure);
          } else {
            take(page);
          }
        });
    calls.callFirst(call);
  }

  private void take(Page<Notification> page) {
    boolean anyNew = false;
    boolean below = false;
    NotificationId bound = seen.bound();
    for (Notification notification : page.items()) {
      below = bound == null || notification.id().compareTo(bound) <= 0;
      if (!below && !seen.contains(notification.id())) {
        anyNew = true;
        unseen.add(notification);
      }
    }
    if (page.nextCursor() == null || below || !anyNew) {
      finish();
    } else if (unseen.size() >= MOST) {
      LOG.warn("More than {} notifications were missed: older ones are on the list only", MOST);
      finish();
    } else {
      ask(page.nextCursor());
    }
  }

  private void retry(@Nullable String pageCursor, Throwable failure) {
    Duration told = failure instanceof RealtimeException refusal ? refusal.retryAfter() : null;
    loop.after(
        told == null ? PAUSE : told,
        () -> {
          if (!dropped) {
            ask(pageCursor);
          }
        });
  }

  private void finish() {
    done.accept(this);
  }
}
