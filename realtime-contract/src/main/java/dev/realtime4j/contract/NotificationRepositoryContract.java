package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationContent;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.api.notification.NotificationType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The laws of {@link NotificationRepository}. Extend it with your store:
 *
 * <pre>{@code
 * class MyNotificationsTest extends NotificationRepositoryContract {
 *   protected NotificationRepository repository() { return mine; }
 * }
 * }</pre>
 *
 * <p>Every test uses users of its own, so that the store may be shared by all; its outbox and
 * idempotency keys are emptied by some. Tests of one class run one after the other.
 */
public abstract class NotificationRepositoryContract {
  static final Duration HOUR = Duration.ofHours(1);

  /** The store to test; may be the same for each test. */
  protected abstract NotificationRepository repository();

  static NewNotification titled(UserId user, String title) {
    return NewNotification.to(user).title(title).build();
  }

  static NewNotification keyed(UserId user, String title, String key) {
    return NewNotification.to(user).title(title).idempotencyKey(key).build();
  }

  /** A content of about this many KiB. */
  static NotificationContent heavy(int kib) {
    return new NotificationContent(
        NotificationType.INFO, "heavy", "x".repeat(kib * 1024), Json.EMPTY);
  }

  Notification stored(UserId user, String title) {
    return repository().insert(next(), titled(user, title)).notification();
  }

  /** This many, oldest first. */
  List<Notification> stored(UserId user, int count) {
    List<NewNotification> all =
        IntStream.range(0, count).mapToObj(i -> titled(user, "title " + i)).toList();
    return repository().insertAll(next(count), all).stream().map(Stored::notification).toList();
  }

  static List<NotificationId> ids(List<Notification> notifications) {
    return notifications.stream().map(Notification::id).toList();
  }

  void emptyOutbox() {
    List<Notification> claimed;
    do {
      claimed = repository().claimOutbox(Duration.ZERO, 1000);
      repository().removeFromOutbox(ids(claimed));
    } while (!claimed.isEmpty());
  }

  /** Runs the same on several threads at once. */
  static <T> List<T> together(int threads, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Callable<T>> all =
          Collections.nCopies(
              threads,
              () -> {
                start.await();
                return work.call();
              });
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(all)) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  static void assertBadRequest(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  /** Inserts and idempotency keys. */
  @Nested
  class Inserting extends NotificationInsertLaws {
    @Override
    NotificationRepositoryContract contract() {
      return NotificationRepositoryContract.this;
    }
  }

  /** What waits to be pushed. */
  @Nested
  class Outbox extends NotificationOutboxLaws {
    @Override
    NotificationRepositoryContract contract() {
      return NotificationRepositoryContract.this;
    }
  }

  /** Catch-up. */
  @Nested
  class CatchingUp extends NotificationSyncLaws {
    @Override
    NotificationRepositoryContract contract() {
      return NotificationRepositoryContract.this;
    }
  }

  /** Lists, counts and export. */
  @Nested
  class Listing extends NotificationListLaws {
    @Override
    NotificationRepositoryContract contract() {
      return NotificationRepositoryContract.this;
    }
  }

  /** Reading, deleting, erasing. */
  @Nested
  class Changing extends NotificationChangeLaws {
    @Override
    NotificationRepositoryContract contract() {
      return NotificationRepositoryContract.this;
    }
  }

  @Test
  void a_store_that_can_be_used_passes_its_check() {
    UserId user = user();
    Notification kept = stored(user, "kept");
    repository().check();
    repository().check();
    assertThat(repository().pending(List.of(kept.id()))).containsExactly(kept);
  }

  @Test
  void the_steps_of_maintenance_are_independent_and_may_be_run_again() {
    UserId user = user();
    Notification kept = stored(user, "kept");
    List<MaintenanceStep> steps = new ArrayList<>(repository().maintenance());
    assertThat(steps).extracting(MaintenanceStep::name).doesNotHaveDuplicates();
    steps.forEach(step -> assertThat(step.work().run().isDone()).as(step.name()).isTrue());
    Collections.reverse(steps);
    steps.forEach(step -> assertThat(step.work().run().isDone()).as(step.name()).isTrue());
    assertThat(repository().pending(List.of(kept.id()))).containsExactly(kept);
  }

  @Test
  void maintaining_twice_changes_nothing() {
    UserId user = user();
    Notification kept = stored(user, "kept");
    repository().maintain();
    repository().maintain();
    assertThat(repository().pending(List.of(kept.id()))).containsExactly(kept);
  }
}
