package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages through the list of notifications, newest first, as far down as anything may be missing,
 * and hands over what the application has not, oldest first. A page without news is no reason to
 * stop: one that became visible late may lie below it.
 *
 * <p>Bounded to {@value #MOST} notifications; the policy is <em>the newest</em>: older ones are
 * found on the list only. Used by the loop only; dropped when its connection is.
 */
public final class Resync {
  static final int MOST = 10_000;
  static final int PAGE = 100;
  public static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Resync.class);

  private final Loop loop;
  private final Calls calls;
  private final SeenIds seen;
  private final Function<Json, Page<Notification>> reader;
  private final Consumer<Resync> done;
  private final List<Notification> unseen = new ArrayList<>();
  private boolean dropped;

  /** What the client has everything before, once this is done; null when the server did not say. */
  final @Nullable SyncCursor cursor;

  final ResyncRange reach;

  public Resync(
      Loop loop,
      Calls calls,
      SeenIds seen,
      Function<Json, Page<Notification>> reader,
      @Nullable SyncCursor cursor,
      ResyncRange reach,
      Consumer<Resync> done) {
    this.loop = loop;
    this.calls = calls;
    this.seen = seen;
    this.reader = reader;
    this.cursor = cursor;
    this.reach = reach;
    this.done = done;
  }

  void begin() {
    if (reach.isNowhere(seen)) {
      finish();
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
    boolean ended = page.nextCursor() == null;
    for (Notification notification : page.items()) {
      NotificationId id = notification.id();
      if (reach.covers(id, seen) && !seen.contains(id)) {
        unseen.add(notification);
      }
      ended |= reach.endsAt(id, seen);
    }
    if (ended) {
      finish();
    } else if (unseen.size() >= MOST) {
      log.warn("More than {} notifications were missed: older ones are on the list only", MOST);
      finish();
    } else {
      ask(Objects.requireNonNull(page.nextCursor()));
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
