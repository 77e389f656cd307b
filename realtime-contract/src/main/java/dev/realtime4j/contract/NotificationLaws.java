package dev.realtime4j.contract;

import dev.realtime4j.api.notification.NotificationRepository;

/** A chapter of {@link NotificationRepositoryContract}. */
abstract class NotificationLaws {
  abstract NotificationRepositoryContract contract();

  NotificationRepository repository() {
    return contract().repository();
  }
}
