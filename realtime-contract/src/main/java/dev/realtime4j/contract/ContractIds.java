package dev.realtime4j.contract;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Ids for tests: users at random, UUIDv7 that always grow. */
final class ContractIds {
  /** Milliseconds and a count of 12 bits. */
  private static final AtomicLong LAST = new AtomicLong();

  private ContractIds() {}

  static UserId user() {
    return new UserId(UUID.randomUUID());
  }

  static NotificationId next() {
    long now = System.currentTimeMillis() << 12;
    return new NotificationId(uuid(LAST.updateAndGet(last -> Math.max(last + 1, now))));
  }

  static List<NotificationId> next(int count) {
    return Stream.generate(ContractIds::next).limit(count).toList();
  }

  /** An id of another time. */
  static UUID at(Instant time) {
    return uuid(time.toEpochMilli() << 12 | ThreadLocalRandom.current().nextInt(1 << 12));
  }

  private static UUID uuid(long stamp) {
    long high = stamp >>> 12 << 16 | 0x7000 | stamp & 0xfff;
    long low = ThreadLocalRandom.current().nextLong() >>> 2 | Long.MIN_VALUE;
    return new UUID(high, low);
  }
}
