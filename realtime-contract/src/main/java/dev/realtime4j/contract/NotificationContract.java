package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.NotificationSamples.titled;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import java.util.List;
import java.util.stream.IntStream;

/** What the contracts of the parts of a notification repository have in common. */
abstract class NotificationContract {
  /** The store that writes what the tests look at; may be the same for each test. */
  protected abstract NotificationStore store();

  Notification stored(UserId user, String title) {
    return store().insert(next(), titled(user, title)).notification();
  }

  /** This many, oldest first. */
  List<Notification> stored(UserId user, int count) {
    List<NewNotification> all =
        IntStream.range(0, count).mapToObj(i -> titled(user, "title " + i)).toList();
    return store().insertAll(next(count), all).stream().map(Stored::notification).toList();
  }
}
