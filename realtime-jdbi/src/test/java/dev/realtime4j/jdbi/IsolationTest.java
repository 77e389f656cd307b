package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored;
import dev.realtime4j.fixtures.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many at once, where the default of the database is stricter than READ COMMITTED. */
class IsolationTest {
  private static final int THREADS = 12;
  private static final int ROUNDS = 10;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private <T> List<T> atOnce(Callable<T> call) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Callable<T> together =
        () -> {
          start.await();
          return call.call();
        };
    List<T> results = new ArrayList<>();
    for (Future<T> result : threads.invokeAll(Collections.nCopies(THREADS, together))) {
      results.add(result.get());
    }
    return results;
  }

  private static HikariDataSource pool(SerializableTest.Isolation isolation) {
    DataSource database = Postgres.database();
    isolation.makeDefaultOf(database);
    RealtimeSchema.DEFAULT.migrate(database);
    return Postgres.pool(database, Postgres.AutoCommit.ON, THREADS);
  }

  @ParameterizedTest
  @EnumSource
  void sends_with_one_key_store_it_once_and_the_others_hear_of_the_first(
      SerializableTest.Isolation isolation) throws Exception {
    try (HikariDataSource pool = pool(isolation)) {
      JdbiNotificationRepository repository = JdbiNotificationRepository.create(pool);
      UserId user = TestIds.user();
      for (int round = 0; round < ROUNDS; round++) {
        NewNotification keyed =
            NewNotification.to(user).title("once").idempotencyKey("key-" + round).build();
        List<Stored> stored = atOnce(() -> repository.insert(TestIds.next(), keyed));
        assertThat(stored).filteredOn(one -> one.outcome() == Stored.Outcome.NEW).hasSize(1);
        assertThat(stored)
            .extracting(one -> one.notification().id())
            .containsOnly(stored.get(0).notification().id());
      }
      assertThat(repository.list(user, NotificationFilter.ALL, PageRequest.first(100)).items())
          .hasSize(ROUNDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void claimers_readers_and_writers_of_one_user_do_not_fail(SerializableTest.Isolation isolation)
      throws Exception {
    try (HikariDataSource pool = pool(isolation)) {
      JdbiNotificationRepository repository = JdbiNotificationRepository.create(pool);
      UserId user = TestIds.user();
      List<List<NotificationId>> claimed =
          atOnce(
              () -> {
                List<NotificationId> mine = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                  repository.insert(TestIds.next(), TestIds.titled(user, "x"));
                  repository
                      .claimOutbox(Duration.ofHours(1), 3)
                      .forEach(notification -> mine.add(notification.id()));
                  repository.readAll(user, TestIds.next(), Instant.now());
                  repository.unreadCount(user);
                  repository.export(user, notification -> {});
                }
                return mine;
              });
      assertThat(claimed).hasSize(THREADS);
      assertThat(repository.outboxBacklog().waiting()).isEqualTo(THREADS * ROUNDS);
    }
  }
}
