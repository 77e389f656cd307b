package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Catch-up while transactions are open: what "every id above the last one" would lose. */
class OpenTransactionsTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final HikariDataSource POOL = pool();
  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(POOL);
  private final UserId user = TestIds.user();

  private static HikariDataSource pool() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    return Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 10);
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  private SyncCursor cursor() {
    return TestIds.sync(repository, user, Optional.empty()).cursor();
  }

  private SyncResult since(SyncCursor cursor) {
    return TestIds.sync(repository, user, Optional.of(cursor));
  }

  @Test
  void a_row_whose_transaction_was_open_when_the_cursor_was_made_is_missed_by_nobody()
      throws SQLException {
    NotificationId early = next();
    try (Connection slow = POOL.getConnection()) {
      slow.setAutoCommit(false);
      repository.insert(Transaction.of(slow), early, titled(user, "early id, late commit"));
      repository.insert(next(), titled(user, "late id"));
      SyncCursor cursor = cursor();
      SyncResult before = since(cursor);
      assertThat(before.missed()).extracting(Notification::id).doesNotContain(early);
      slow.commit();
      slow.setAutoCommit(true);

      assertThat(since(cursor).missed()).extracting(Notification::id).contains(early);
      assertThat(since(before.cursor()).missed())
          .extracting(Notification::id)
          .containsExactly(early);
    }
    assertThat(since(cursor()).missed()).isEmpty();
  }

  @Test
  void a_client_that_syncs_all_the_time_loses_nothing_of_slow_writers() throws Exception {
    int writers = 6;
    int each = 25;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    Set<NotificationId> seen = new HashSet<>();
    Set<NotificationId> written = new HashSet<>();
    SyncCursor cursor = cursor();
    try {
      List<Future<List<NotificationId>>> running = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        running.add(threads.submit(slowWriter(writer, each)));
      }
      boolean last;
      do {
        last = running.stream().allMatch(Future::isDone);
        SyncResult sync = since(cursor);
        assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
        sync.missed().forEach(notification -> seen.add(notification.id()));
        cursor = sync.cursor();
      } while (!last);
      for (Future<List<NotificationId>> writer : running) {
        written.addAll(writer.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(written).hasSize(writers * each);
    assertThat(seen).isEqualTo(written);
  }

  /** Holds each transaction open for 1 to 60 ms; every fifth is rolled back. */
  private Callable<List<NotificationId>> slowWriter(int seed, int count) {
    Random random = new Random(seed);
    return () -> {
      List<NotificationId> committed = new ArrayList<>();
      try (Connection connection = POOL.getConnection()) {
        connection.setAutoCommit(false);
        for (int attempt = 0; committed.size() < count; attempt++) {
          NotificationId id = next();
          repository.insert(Transaction.of(connection), id, titled(user, "slow"));
          try (PreparedStatement hold = connection.prepareStatement("SELECT pg_sleep(?)")) {
            hold.setDouble(1, (1 + random.nextInt(60)) / 1000.0);
            hold.execute();
          }
          if (attempt % 5 == 4) {
            connection.rollback();
          } else {
            connection.commit();
            committed.add(id);
          }
        }
      }
      return committed;
    };
  }

  @Test
  void another_epoch_is_a_resync_back_to_the_longest_transaction_before_the_cursor() {
    SyncCursor cursor = cursor();
    NotificationId now = next();
    Jdbi.create(DATABASE)
        .useHandle(
            handle -> handle.execute("UPDATE realtime.notification_epoch SET epoch = DEFAULT"));
    SyncResult sync = since(cursor);
    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.RESYNC);
    Instant from = UuidTime.timeOf(Objects.requireNonNull(sync.from()).value());
    assertThat(Duration.between(from, UuidTime.timeOf(now.value())))
        .isBetween(Duration.ofHours(23), Duration.ofHours(25));
  }

  @Test
  void a_cursor_from_the_future_of_this_database_is_a_resync() {
    SnapshotCursor now = SnapshotCursor.parse(cursor()).orElseThrow();
    Snapshot later =
        new Snapshot(
            now.snapshot().xmin() + 1_000_000, now.snapshot().xmax() + 1_000_000, List.of());
    SyncCursor ahead = new SnapshotCursor(now.epoch(), now.history(), later, now.time()).format();
    assertThat(since(ahead).outcome()).isEqualTo(SyncResult.Outcome.RESYNC);
  }
}
