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
import dev.realtime4j.fixtures.PostgresServer;
import dev.realtime4j.fixtures.PostgresServer.Stop;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/**
 * Transaction ids are used again by a promoted standby, after a crash and after a restore. A cursor
 * of before must not take what was committed since for what its client has.
 */
class OtherHistoryTest {
  /** So that the transactions that are lost are more than those that come after. */
  private static final int LOST = 60;

  private static final int SINCE = 5;

  private final UserId user = TestIds.user();

  private static JdbiNotificationRepository repository(PostgresServer server) {
    return JdbiNotificationRepository.create(server.database());
  }

  private static SyncCursor cursor(JdbiNotificationRepository repository, UserId user) {
    return TestIds.sync(repository, user, Optional.empty()).cursor();
  }

  /** Uses up transaction ids, as a busy database does all the time. */
  private static void spend(PostgresServer server, int transactions) {
    server
        .jdbi()
        .useHandle(
            handle -> {
              for (int i = 0; i < transactions; i++) {
                handle.execute("SELECT pg_current_xact_id()");
              }
            });
  }

  private List<NotificationId> send(JdbiNotificationRepository repository, int count) {
    List<NotificationId> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(repository.insert(next(), titled(user, "since")).notification().id());
    }
    return sent;
  }

  private SyncResult since(JdbiNotificationRepository repository, SyncCursor cursor) {
    return TestIds.sync(repository, user, Optional.of(cursor));
  }

  private static List<NotificationId> ids(SyncResult sync) {
    return sync.missed().stream().map(Notification::id).toList();
  }

  /** Committed on the server as it is now, and not lost to a client that comes with the cursor. */
  private void assertNothingIsLost(PostgresServer server, SyncCursor ahead) {
    JdbiNotificationRepository repository = repository(server);
    List<NotificationId> sent = send(repository, SINCE);
    spend(server, 2 * LOST); // so that the cursor seems to be of before

    SyncResult sync = since(repository, ahead);

    assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
    assertThat(ids(sync)).containsAll(sent).doesNotHaveDuplicates().isSorted();
    assertThat(since(repository, sync.cursor()).missed()).as("by the new cursor").isEmpty();
  }

  private static PostgresServer migrated(Map<String, String> settings) {
    PostgresServer server = PostgresServer.started(settings);
    RealtimeSchema.DEFAULT.migrate(server.database());
    return server;
  }

  @Test
  void a_standby_that_was_behind_and_is_promoted_loses_nothing_that_is_committed_on_it() {
    try (PostgresServer primary = migrated(Map.of())) {
      JdbiNotificationRepository before = repository(primary);
      send(before, 2);
      cursor(before, user);
      try (PostgresServer standby = primary.standby()) {
        String lsn = primary.written();
        await().atMost(Duration.ofSeconds(60)).until(() -> standby.hasReplayed(lsn));
        standby.cutOff();
        spend(primary, LOST);
        send(before, 1); // lost with the primary, though it was committed and written
        SyncCursor ahead = cursor(before, user);
        primary.stop(Stop.IMMEDIATE);
        standby.promote();

        assertNothingIsLost(standby, ahead);
      }
    }
  }

  /** Transaction ids that were handed out and not yet on the disk are handed out again. */
  @Test
  void a_crash_loses_nothing_that_is_committed_after_it() {
    try (PostgresServer server = migrated(Map.of("wal_writer_delay", "10s"))) {
      JdbiNotificationRepository repository = repository(server);
      send(repository, 2);
      spend(server, LOST);
      SyncCursor ahead = cursor(repository, user);
      server.stop(Stop.IMMEDIATE);
      server.start();

      assertNothingIsLost(server, ahead);
    }
  }

  @Test
  void one_backend_that_is_killed_loses_nothing_though_the_server_is_not_restarted()
      throws SQLException {
    try (PostgresServer server = migrated(Map.of("wal_writer_delay", "10s"))) {
      JdbiNotificationRepository repository = repository(server);
      send(repository, 2);
      String started = server.text("SELECT pg_postmaster_start_time()::text");
      spend(server, LOST);
      SyncCursor ahead = cursor(repository, user);
      try (Connection victim = server.database().getConnection();
          Statement statement = victim.createStatement();
          ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        PostgresServer.kill(row.getInt(1));
        await().until(() -> isBroken(victim));
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> answers(server));

      assertThat(server.text("SELECT pg_postmaster_start_time()::text")).isEqualTo(started);
      assertNothingIsLost(server, ahead);
    }
  }

  private static boolean isBroken(Connection connection) throws SQLException {
    return !connection.isValid(1);
  }

  private static boolean answers(PostgresServer server) {
    try {
      return server.text("SELECT 'yes'").equals("yes");
    } catch (JdbiException e) {
      return false;
    }
  }

  @Test
  void a_restored_base_backup_loses_nothing_that_is_committed_on_it() {
    try (PostgresServer server = migrated(Map.of())) {
      JdbiNotificationRepository repository = repository(server);
      send(repository, 2);
      cursor(repository, user);
      Path backup = server.backup();
      spend(server, LOST);
      SyncCursor ahead = cursor(repository, user);
      server.stop(Stop.FAST);
      try (PostgresServer restored = PostgresServer.restored(backup)) {
        assertNothingIsLost(restored, ahead);
      }
    }
  }

  /** Of a server that was stopped cleanly, so that an unlogged table is in it. */
  @Test
  void a_restored_cold_copy_loses_nothing_that_is_committed_on_it() {
    try (PostgresServer server = migrated(Map.of())) {
      JdbiNotificationRepository repository = repository(server);
      SyncCursor early = cursor(repository, user);
      server.stop(Stop.FAST);
      Path copy = server.coldCopy();
      server.start();
      spend(server, LOST);
      SyncCursor ahead = cursor(repository, user);
      server.stop(Stop.FAST);
      try (PostgresServer restored = PostgresServer.restored(copy)) {
        assertNothingIsLost(restored, ahead);
        assertThat(ids(since(repository(restored), early))).as("of before the copy").hasSize(SINCE);
      }
    }
  }

  @Test
  void a_planned_restart_repeats_nothing() {
    try (PostgresServer server = migrated(Map.of())) {
      JdbiNotificationRepository repository = repository(server);
      send(repository, 3);
      SyncCursor before = cursor(repository, user);
      List<NotificationId> missed = send(repository, 1);
      for (int restarts = 0; restarts < 2; restarts++) {
        server.stop(Stop.FAST);
        server.start();
        missed.addAll(send(repository, 1));
        SyncResult sync = since(repository, before);
        assertThat(sync.outcome()).isEqualTo(SyncResult.Outcome.COMPLETE);
        assertThat(ids(sync)).isEqualTo(missed);
      }
    }
  }
}
