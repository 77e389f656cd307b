package dev.realtime4j.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.contract.NotificationRepositoryContract;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryNotificationRepositoryTest extends NotificationRepositoryContract {
  private final InMemoryNotificationRepository repository = InMemoryNotificationRepository.create();

  @Override
  protected NotificationRepository repository() {
    return repository;
  }

  private static NewNotification hello() {
    return NewNotification.to(new UserId(UUID.randomUUID())).title("hello").build();
  }

  private static NotificationId id() {
    return new NotificationId(UUID.randomUUID());
  }

  @Test
  void a_transaction_of_a_database_is_refused_with_the_remedy() {
    Transaction any =
        new Transaction() {
          @Override
          public Connection connection() {
            throw new AssertionError("nobody needs it");
          }

          @Override
          public CommitHook afterCommit(Runnable action) {
            return CommitHook.NONE;
          }
        };
    assertThatThrownBy(() -> repository.insert(any, id(), hello()))
        .isInstanceOf(RealtimeException.class)
        .hasMessageContaining(any.getClass().getName())
        .hasMessageContaining("InMemoryTransaction.begin()")
        .hasMessageContaining("realtime-jdbi");
  }

  @Test
  void leases_follow_the_clock() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    InMemoryNotificationRepository timed = InMemoryNotificationRepository.create(now::get);
    timed.insert(id(), hello());
    Duration lease = Duration.ofSeconds(10);
    assertThat(timed.claimOutbox(lease, 10)).isEmpty();
    now.updateAndGet(then -> then.plusSeconds(10));
    assertThat(timed.claimOutbox(lease, 10)).hasSize(1);
    assertThat(timed.claimOutbox(lease, 10)).isEmpty();
    now.updateAndGet(then -> then.plusSeconds(10));
    assertThat(timed.claimOutbox(lease, 10)).hasSize(1);
  }
}
