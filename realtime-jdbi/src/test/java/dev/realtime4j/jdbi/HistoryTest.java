package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the history that a cursor was made in is told, and what is done where it cannot be. */
class HistoryTest {
  private final DataSource database = Postgres.database();
  private final Jdbi jdbi = Jdbi.create(database);
  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(database);
  private final UserId user = TestIds.user();

  @BeforeEach
  void migrate() {
    RealtimeSchema.DEFAULT.migrate(database);
  }

  private void execute(String sql) {
    jdbi.useHandle(handle -> handle.execute(sql));
  }

  private long histories() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM realtime.notification_history")
                .mapTo(Long.class)
                .one());
  }

  private SyncCursor cursor() {
    return TestIds.sync(repository, user, Optional.empty()).cursor();
  }

  private NotificationId send() {
    return repository.insert(next(), titled(user, "x")).notification().id();
  }

  private static List<NotificationId> ids(SyncResult sync) {
    return sync.missed().stream().map(Notification::id).toList();
  }

  private SyncResult since(SyncCursor cursor) {
    return TestIds.sync(repository, user, Optional.of(cursor));
  }

  private static SnapshotCursor parsed(SyncCursor cursor) {
    return SnapshotCursor.parse(cursor).orElseThrow();
  }

  @Test
  void a_cursor_says_its_history_and_is_short_enough_with_every_part_at_its_longest() {
    assertThat(cursor().value()).startsWith("2.");
    assertThat(parsed(cursor()).history()).hasSize(12).isEqualTo(parsed(cursor()).history());
    Snapshot crowded =
        new Snapshot(
            1L << 60,
            1L << 61,
            java.util.stream.LongStream.range(0, 500)
                .map(i -> (1L << 60) + i * 9999)
                .boxed()
                .toList());
    SyncCursor longest =
        new SnapshotCursor(
                "e".repeat(32), "h".repeat(12), crowded, Instant.ofEpochMilli(999_999_999_999_999L))
            .format();
    assertThat(longest.value()).hasSizeBetween(190, 200);
    assertThat(parsed(longest).snapshot().open()).isNotEmpty();
  }

  @Test
  void many_nodes_that_begin_at_once_agree_on_one_history() throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(12);
    try {
      Callable<String> node = () -> String.valueOf(parsed(cursor()).history());
      List<Future<String>> told = nodes.invokeAll(Collections.nCopies(24, node));
      for (Future<String> one : told) {
        assertThat(one.get()).isEqualTo(told.get(0).get());
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(histories()).isOne();
  }

  @Test
  void a_cursor_of_an_earlier_version_is_answered_by_time_and_not_refused() {
    NotificationId before = send();
    SnapshotCursor now = parsed(cursor());
    SyncCursor old = new SnapshotCursor(now.epoch(), null, now.snapshot(), now.time()).format();
    assertThat(old.value()).startsWith("1.");
    NotificationId since = send();

    SyncResult sync = since(old);

    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
    assertThat(ids(sync)).containsExactly(before, since);
    assertThat(since(sync.cursor()).missed()).isEmpty();
  }

  @Test
  void more_than_the_limit_by_time_is_a_resync_that_says_from_where() {
    List<NotificationId> sent =
        repository.insertAll(next(201), Collections.nCopies(201, titled(user, "x"))).stream()
            .map(stored -> stored.notification().id())
            .toList();
    SnapshotCursor now = parsed(cursor());
    SyncResult sync =
        since(new SnapshotCursor(now.epoch(), "elsewhere", now.snapshot(), now.time()).format());
    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.RESYNC);
    assertThat(sync.from()).isEqualTo(sent.get(0));
  }

  @Test
  void what_is_older_than_the_longest_transaction_is_not_repeated() {
    repository.insert(
        TestIds.at(Instant.now().minus(Duration.ofHours(25))), titled(user, "yesterday"));
    NotificationId recent =
        repository
            .insert(TestIds.at(Instant.now().minus(Duration.ofHours(23))), titled(user, "today"))
            .notification()
            .id();
    SnapshotCursor now = parsed(cursor());
    SyncResult sync =
        since(new SnapshotCursor(now.epoch(), "elsewhere", now.snapshot(), now.time()).format());
    assertThat(ids(sync)).containsExactly(recent);
  }

  /** Such a role was granted its rights on the tables before this one came. */
  @Test
  void a_role_without_any_right_on_the_table_reads_and_begins_histories() {
    String role = "history_reader";
    execute("CREATE ROLE " + role + " LOGIN");
    execute("GRANT USAGE ON SCHEMA realtime TO " + role);
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO " + role);
    execute("REVOKE ALL ON realtime.notification_history FROM " + role);
    JdbiNotificationRepository node =
        JdbiNotificationRepository.create(Postgres.as(role, database));

    SyncCursor cursor = TestIds.sync(node, user, Optional.empty()).cursor();

    assertThat(parsed(cursor).history()).isNotNull();
    NotificationId missed = send();
    assertThat(ids(TestIds.sync(node, user, Optional.of(cursor)))).containsExactly(missed);
  }

  /** As a schema is owned that a migration made under a role of its own. */
  @Test
  void an_owner_without_special_rights_is_enough() {
    DataSource other = Postgres.database();
    Jdbi.create(other)
        .useHandle(
            handle -> {
              handle.execute("CREATE ROLE plain_owner LOGIN");
              handle.execute("CREATE SCHEMA realtime AUTHORIZATION plain_owner");
            });
    DataSource owner = Postgres.as("plain_owner", other);
    RealtimeSchema.DEFAULT.migrate(owner);
    JdbiNotificationRepository node = JdbiNotificationRepository.create(owner);
    assertThat(parsed(TestIds.sync(node, user, Optional.empty()).cursor()).history()).isNotNull();
  }

  @Test
  void read_only_connections_are_answered_by_time_until_one_that_writes_began_the_history() {
    NotificationId before = send();
    execute("ALTER DATABASE " + name() + " SET default_transaction_read_only = on");
    SyncResult first = TestIds.sync(repository, user, Optional.empty());
    assertThat(first.cursor().value()).startsWith("1.");
    assertThat(ids(since(first.cursor()))).containsExactly(before);
    assertThat(repository.problem()).hasValueSatisfying(it -> assertThat(it).contains("read-only"));

    jdbi.useHandle(
        handle -> {
          handle.execute("SET default_transaction_read_only = off");
          handle.execute("ALTER DATABASE " + name() + " RESET default_transaction_read_only");
        });
    SyncCursor known = since(first.cursor()).cursor();
    assertThat(known.value()).startsWith("2.");
    assertThat(since(known).missed()).isEmpty();
    assertThat(repository.problem()).isEmpty();
  }

  private String name() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT current_database()").mapTo(String.class).one());
  }

  /** Its snapshots have no list of the transactions that are open. */
  @Test
  void a_standby_that_is_asked_loses_nothing_that_is_open_on_its_primary() throws SQLException {
    try (PostgresServer primary = PostgresServer.started(Map.of())) {
      RealtimeSchema.DEFAULT.migrate(primary.database());
      JdbiNotificationRepository writer = JdbiNotificationRepository.create(primary.database());
      try (PostgresServer standby = primary.standby();
          Connection open = primary.database().getConnection()) {
        JdbiNotificationRepository reader = JdbiNotificationRepository.create(standby.database());
        open.setAutoCommit(false);
        NotificationId late = next();
        writer.insert(Transaction.of(open), late, titled(user, "late"));
        NotificationId early = writer.insert(next(), titled(user, "early")).notification().id();
        // The WAL of an open transaction is written at the latest by the commit of another.
        String lsn = primary.written();
        await().atMost(Duration.ofSeconds(60)).until(() -> standby.hasReplayed(lsn));
        SyncCursor cursor = TestIds.sync(reader, user, Optional.empty()).cursor();
        assertThat(ids(TestIds.sync(reader, user, Optional.of(cursor)))).contains(early);

        open.commit();

        SyncResult after = TestIds.sync(writer, user, Optional.of(cursor));
        assertThat(ids(after)).contains(late);
        assertThat(parsed(after.cursor()).history()).isNotNull();
        assertThat(reader.problem()).hasValueSatisfying(it -> assertThat(it).contains("standby"));
      }
    }
  }
}
