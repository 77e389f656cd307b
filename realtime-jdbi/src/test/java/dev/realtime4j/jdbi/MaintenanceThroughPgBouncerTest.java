package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.monthsAgo;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.MaintenanceStep;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Period;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a session holds stays on a connection that strangers get next: so nothing is held. */
@Tag("pgbouncer")
class MaintenanceThroughPgBouncerTest {
  @Test
  void retention_leaves_neither_lock_nor_setting_to_strangers_and_goes_on_on_another_node()
      throws Exception {
    PGSimpleDataSource direct = (PGSimpleDataSource) Postgres.database();
    RealtimeSchema.DEFAULT.migrate(direct);
    UserId user = TestIds.user();
    JdbiNotificationRepository writer = JdbiNotificationRepository.create(direct);
    for (int months = 5; months < 9; months++) {
      writer.insert(TestIds.at(monthsAgo(months)), titled(user, "old"));
    }
    try (PgBouncer bouncer = PgBouncer.before(direct, 2)) {
      PGSimpleDataSource pooled = bouncer.database(direct.getDatabaseName());
      try (Connection reader = direct.getConnection();
          Statement statement = reader.createStatement()) {
        reader.setAutoCommit(false);
        statement.execute("SELECT count(*) FROM realtime.notification");
        assertThat(retention(pooled)).isFalse();
        assertNothingIsLeft(pooled, direct);
        reader.rollback();
      }
      assertThat(retention(pooled)).isTrue();
      assertNothingIsLeft(pooled, direct);
      assertThat(writer.list(user, NotificationFilter.ALL, PageRequest.first(10)).items())
          .isEmpty();
    }
  }

  /** A node of its own each time. */
  private static boolean retention(PGSimpleDataSource pooled) {
    JdbiNotificationRepository node =
        JdbiNotificationRepository.builder(Jdbi.create(pooled))
            .retention(Period.ofMonths(2))
            .build();
    List<MaintenanceStep> steps = node.maintenance();
    return steps.stream().map(step -> step.work().run().isDone()).reduce(true, Boolean::logicalAnd);
  }

  private static void assertNothingIsLeft(PGSimpleDataSource pooled, PGSimpleDataSource direct)
      throws Exception {
    // Strangers that are there at the same time, so that each connection to the server is asked.
    try (Connection one = pooled.getConnection();
        Connection two = pooled.getConnection()) {
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      for (Connection stranger : List.of(one, two)) {
        try (Statement statement = stranger.createStatement();
            var shown = statement.executeQuery("SHOW lock_timeout")) {
          shown.next();
          assertThat(shown.getString(1)).isEqualTo("0");
        }
      }
      one.rollback();
      two.rollback();
    }
    int locks =
        Jdbi.create(direct)
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
                        .mapTo(Integer.class)
                        .one());
    assertThat(locks).isZero();
  }
}
