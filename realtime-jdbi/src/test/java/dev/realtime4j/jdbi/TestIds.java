package dev.realtime4j.jdbi;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Ids of chosen times. */
final class TestIds {
  private static final AtomicLong COUNT = new AtomicLong();

  private TestIds() {}

  static UserId user() {
    return new UserId(UUID.randomUUID());
  }

  static NotificationId next() {
    return at(Instant.now());
  }

  static List<NotificationId> next(int count) {
    return Stream.generate(TestIds::next).limit(count).toList();
  }

  /** The tenth of a month so many months ago, or to come when negative. */
  static Instant monthsAgo(int months) {
    return ZonedDateTime.now(ZoneOffset.UTC).withDayOfMonth(10).minusMonths(months).toInstant();
  }

  static NotificationId at(Instant time) {
    return new NotificationId(
        new UUID(
            time.toEpochMilli() << 16 | 0x7000 | COUNT.incrementAndGet() & 0xfff,
            UUID.randomUUID().getLeastSignificantBits()));
  }

  static NewNotification titled(UserId user, String title) {
    return NewNotification.to(user).title(title).build();
  }

  /** Syncs one user. */
  static SyncResult sync(
      NotificationRepository repository, UserId user, Optional<SyncCursor> cursor) {
    return Objects.requireNonNull(repository.sync(Map.of(user, cursor), 200).get(user));
  }
}
