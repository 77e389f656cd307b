package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.internal.call.Call;
import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the server what the application has, some at a time. Bounded to {@value #MOST} ids while
 * there is no connection; the policy is <em>drop the oldest</em>: an acknowledgement is a measure,
 * nothing depends on it.
 *
 * <p>Used by the loop only.
 */
public final class Acks {
  static final int MOST = 1_000;
  static final int BATCH = 100;
  static final Duration DELAY = Duration.ofMillis(100);

  private final Loop loop;
  private final Calls calls;
  private final Set<NotificationId> waiting = new LinkedHashSet<>();
  private boolean connected;
  private boolean timed;

  public Acks(Loop loop, Calls calls) {
    this.loop = loop;
    this.calls = calls;
  }

  void add(NotificationId id) {
    waiting.add(id);
    if (waiting.size() > MOST) {
      waiting.remove(waiting.iterator().next());
    }
    arm();
  }

  public void connected() {
    connected = true;
    if (!waiting.isEmpty()) {
      arm();
    }
  }

  public void offline() {
    connected = false;
  }

  private void arm() {
    if (connected && !timed) {
      timed = true;
      loop.after(DELAY, this::flush);
    }
  }

  private void flush() {
    timed = false;
    while (connected && !waiting.isEmpty()) {
      List<NotificationId> ids =
          new ArrayList<>(waiting).subList(0, Math.min(BATCH, waiting.size()));
      Json params = Json.object("ids", ids);
      waiting.removeAll(Set.copyOf(ids));
      calls.callFirst(new Call<>(Call.Owner.ONE_WAY, "notification.ack", params, answer -> answer));
    }
  }
}
