package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.next;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.api.notification.SyncResult;
import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.fixtures.Postgres.AutoCommit;
import dev.realtime4j.fixtures.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that came from another cluster carry its transaction ids. */
class AfterRestoreTest {
  private final UserId user = TestIds.user();

  private static SyncResult since(
      JdbiNotificationRepository repository, UserId user, SyncCursor cursor) {
    return TestIds.sync(repository, user, Optional.of(cursor));
  }

  private static List<NotificationId> ids(SyncResult sync) {
    return sync.missed().stream().map(Notification::id).toList();
  }

  private static SyncCursor cursor(JdbiNotificationRepository repository, UserId user) {
    return TestIds.sync(repository, user, Optional.empty()).cursor();
  }

  private NotificationId send(JdbiNotificationRepository repository) {
    return repository.insert(next(), titled(user, "x")).notification().id();
  }

  @Test
  @Tag("pgdump")
  void what_a_dump_brought_is_repeated_until_after_restore_was_called() throws Exception {
    try (PostgresServer old = PostgresServer.started(Map.of());
        PostgresServer fresh = PostgresServer.started(Map.of())) {
      RealtimeSchema.DEFAULT.migrate(old.database());
      JdbiNotificationRepository before = JdbiNotificationRepository.create(old.database());
      old.jdbi()
          .useHandle(
              handle -> {
                for (int i = 0; i < 1000; i++) {
                  handle.execute("SELECT pg_current_xact_id()");
                }
              });
      List<NotificationId> dumped = new ArrayList<>(List.of(send(before), send(before)));
      SyncCursor ofOld = cursor(before, user);
      restore(old, fresh);

      JdbiNotificationRepository after = JdbiNotificationRepository.create(fresh.database());
      SyncCursor ofFresh = cursor(after, user);
      NotificationId sent = send(after);
      List<NotificationId> all = new ArrayList<>(dumped);
      all.add(sent);
      assertThat(fresh.text("SELECT count(*) FROM realtime.notification_history"))
          .as("the dump brought a row, which does not count")
          .isEqualTo("1");
      assertThat(ids(since(after, user, ofOld))).as("by time").isEqualTo(all);
      assertThat(ids(since(after, user, ofFresh))).as("repeated").isEqualTo(all);
      assertThat(after.problem())
          .hasValueSatisfying(it -> assertThat(it).contains("CALL realtime.after_restore()"));

      RealtimeSchema.DEFAULT.afterRestore(fresh.database());

      SyncResult unknown = since(after, user, ofOld);
      assertThat(unknown.outcome()).isEqualTo(SyncResult.Outcome.RESYNC);
      assertThat(unknown.from()).isNotNull().isLessThan(dumped.get(0));
      assertThat(since(after, user, unknown.cursor()).missed()).isEmpty();
      NotificationId next = send(after);
      assertThat(ids(since(after, user, unknown.cursor()))).containsExactly(next);
      assertThat(after.problem()).isEmpty();
    }
  }

  private static void restore(PostgresServer from, PostgresServer to) throws Exception {
    Path dump = Files.createTempFile("realtime-", ".dump");
    run(from, "pg_dump", "-Fc", "-f", dump.toString(), "postgres");
    run(to, "pg_restore", "--exit-on-error", "-d", "postgres", dump.toString());
    Files.delete(dump);
  }

  private static void run(PostgresServer server, String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program, "-h", "127.0.0.1", "-U", "postgres"));
    command.addAll(List.of("-p", Integer.toString(server.port())));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  /** As the rows are after a dump from a cluster that is far ahead. */
  private static void bring(Jdbi jdbi, UserId user, int rows) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO realtime.notification(user_id, title, xact_id)"
                    + " SELECT ?, 'x', '99999999999'::xid8 FROM generate_series(1, ?)",
                user.value(),
                rows));
  }

  @Test
  void more_rows_than_one_step_are_mended_while_others_serve() throws Exception {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi jdbi = Jdbi.create(database);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation ="
                    + " serializable', current_database()); END $$"));
    bring(jdbi, TestIds.user(), 12_000);
    bring(jdbi, user, 3);
    JdbiNotificationRepository node = JdbiNotificationRepository.create(database);
    Set<NotificationId> sent = new HashSet<>();
    Set<NotificationId> seen = new HashSet<>();
    try (HikariDataSource pool = Postgres.pool(database, AutoCommit.OFF, 1)) {
      CompletableFuture<Void> mending =
          CompletableFuture.runAsync(() -> RealtimeSchema.DEFAULT.afterRestore(pool));
      SyncCursor cursor = cursor(node, user);
      boolean last;
      do {
        last = mending.isDone();
        sent.add(send(node));
        SyncResult sync = since(node, user, cursor);
        if (sync.outcome() == SyncResult.Outcome.RESYNC) {
          seen.addAll(sent); // It pages through the list.
        }
        seen.addAll(ids(sync));
        cursor = sync.cursor();
      } while (!last);
      mending.get();
      assertThat(seen).containsAll(sent);
      assertThat(since(node, user, cursor).missed()).isEmpty();
    }
    long ofTheFuture =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT count(*) FROM realtime.notification"
                            + " WHERE xact_id >= pg_snapshot_xmax(pg_current_snapshot())")
                    .mapTo(Long.class)
                    .one());
    assertThat(ofTheFuture).isZero();
  }

  @Test
  void within_a_transaction_it_is_refused_before_it_has_changed_anything() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi jdbi = Jdbi.create(database);
    JdbiNotificationRepository node = JdbiNotificationRepository.create(database);
    SyncCursor cursor = cursor(node, user);
    assertThatThrownBy(
            () -> jdbi.useTransaction(handle -> handle.execute("CALL realtime.after_restore()")))
        .hasMessageContaining("invalid transaction termination");
    assertThat(since(node, user, cursor).outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
  }

  @Test
  void it_may_be_called_again_and_on_an_empty_table() {
    DataSource database = Postgres.database();
    RealtimeSchema schema = RealtimeSchema.named("elsewhere");
    schema.migrate(database);
    schema.afterRestore(database);
    schema.afterRestore(database);
    JdbiNotificationRepository node =
        JdbiNotificationRepository.create(Jdbi.create(database), schema);
    SyncCursor cursor = cursor(node, user);
    NotificationId sent = send(node);
    assertThat(ids(since(node, user, cursor))).containsExactly(sent);
  }
}
