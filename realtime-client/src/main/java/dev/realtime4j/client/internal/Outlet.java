package dev.realtime4j.client.internal;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;

/** From the loop to the callback thread, and the acknowledgement back. */
final class Outlet implements Arrivals.Delivery {
  private final Loop loop;
  private final Callbacks callbacks;
  private final Broadcasts broadcasts;
  private final DeliveryLog log;
  private final Acks acks;
  private final InboxViews views;
  private final Runnable overflow;

  Outlet(
      Loop loop,
      Callbacks callbacks,
      Broadcasts broadcasts,
      DeliveryLog log,
      Acks acks,
      InboxViews views,
      Runnable overflow) {
    this.loop = loop;
    this.callbacks = callbacks;
    this.broadcasts = broadcasts;
    this.log = log;
    this.acks = acks;
    this.views = views;
    this.overflow = overflow;
  }

  void begin(ResumePoint point) {
    callbacks.submit(() -> log.begin(point));
  }

  @Override
  public void deliver(Notification notification) {
    views.each(view -> view.arrived(notification));
    callbacks.submit(
        () -> {
          boolean heard = !broadcasts.notification.isEmpty();
          broadcasts.notification.tell(notification);
          log.delivered(notification.id());
          if (heard) {
            loop.execute(() -> acks.add(notification.id()));
          }
        });
  }

  @Override
  public void acknowledge(NotificationId id) {
    // By way of the callbacks: the first one may still wait there.
    callbacks.submit(
        () -> {
          if (!broadcasts.notification.isEmpty()) {
            loop.execute(() -> acks.add(id));
          }
        });
  }

  @Override
  public void moved(SyncCursor cursor) {
    callbacks.submit(() -> log.moved(cursor));
  }

  @Override
  public void began(NotificationId newestBefore) {
    callbacks.submit(() -> log.began(newestBefore));
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
