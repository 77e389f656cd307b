package dev.realtime4j.client.internal.notification;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Callbacks.AtClose;
import dev.realtime4j.client.internal.loop.Loop;

/** From the loop to the callback thread, and the acknowledgement back. */
public final class DeliveryQueue implements Arrivals.Delivery {
  private final Loop loop;
  private final Callbacks callbacks;
  private final ApplicationListeners listeners;
  private final DeliveryLog log;
  private final Acks acks;
  private final InboxViews views;
  private final Runnable overflow;

  public DeliveryQueue(
      Loop loop,
      Callbacks callbacks,
      ApplicationListeners listeners,
      DeliveryLog log,
      Acks acks,
      InboxViews views,
      Runnable overflow) {
    this.loop = loop;
    this.callbacks = callbacks;
    this.listeners = listeners;
    this.log = log;
    this.acks = acks;
    this.views = views;
    this.overflow = overflow;
  }

  public void begin(ResumePoint point) {
    callbacks.submit(() -> log.begin(point), AtClose.KEPT);
  }

  @Override
  public void deliver(Notification notification) {
    views.each(view -> view.arrived(notification));
    callbacks.submit(
        () -> {
          boolean heard = !listeners.notification.isEmpty();
          listeners.notification.tell(notification);
          log.delivered(notification.id());
          if (heard) {
            loop.execute(() -> acks.add(notification.id()));
          }
        },
        AtClose.FORGOTTEN_WITH_LATER);
  }

  @Override
  public void acknowledge(NotificationId id) {
    // By way of the callbacks: the first one may still wait there.
    callbacks.submit(
        () -> {
          if (!listeners.notification.isEmpty()) {
            loop.execute(() -> acks.add(id));
          }
        });
  }

  @Override
  public void moved(SyncCursor cursor) {
    callbacks.submit(() -> log.moved(cursor), AtClose.KEPT);
  }

  @Override
  public void began(NotificationId newestBefore) {
    callbacks.submit(() -> log.began(newestBefore), AtClose.KEPT);
  }

  @Override
  public boolean isFull() {
    return callbacks.isFull();
  }

  @Override
  public void overflow() {
    overflow.run();
  }
}
