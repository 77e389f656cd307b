package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.fixtures.Postgres;
import java.net.InetAddress;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of when users were last connected, beside the log that it is kept with. */
class LastSeenTest {
  private static final String INSERT_OF_AN_OLDER_NODE =
      """
      INSERT INTO realtime.connection_log AS c
        (id, user_id, server_id, socket_id, remote_address, connected_at, disconnected_at)
      VALUES (:id, :user, 'old', 'socket', '192.0.2.1', :from::timestamptz, :to::timestamptz)
      ON CONFLICT (id) DO UPDATE SET disconnected_at = excluded.disconnected_at
      """;

  private final DataSource database = Postgres.database();
  private final Jdbi jdbi = Jdbi.create(database);
  private final Instant start = Instant.now().minusSeconds(7200).truncatedTo(ChronoUnit.MICROS);

  private ConnectionLog migrated() {
    RealtimeSchema.DEFAULT.migrate(database);
    return JdbiConnectionLog.create(database);
  }

  private void execute(String sql) {
    jdbi.useHandle(handle -> handle.execute(sql));
  }

  private List<String> scripts() {
    return List.copyOf(RealtimeSchema.DEFAULT.scripts().values());
  }

  private void apply(List<String> scripts) {
    scripts.forEach(script -> jdbi.useTransaction(handle -> handle.execute(script)));
  }

  private void anOlderNodeWrites(UUID id, UserId user, Instant from, @Nullable Instant to) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(INSERT_OF_AN_OLDER_NODE)
                .bind("id", id)
                .bind("user", user.value())
                .bind("from", from.toString())
                .bind("to", to == null ? null : to.toString())
                .execute());
  }

  private static ConnectionLogEntry opened(UserId user, Instant at) {
    return new ConnectionLogEntry(
        TestIds.at(at).value(),
        user,
        new ServerId("node"),
        new SocketId("socket"),
        InetAddress.getLoopbackAddress(),
        "agent",
        at,
        null,
        null,
        null);
  }

  private int rows() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT count(*) FROM realtime.user_last_seen")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void the_migration_finds_what_the_log_holds_and_misses_nothing_that_older_nodes_write() {
    execute("CREATE SCHEMA realtime");
    apply(scripts().subList(0, 4));
    UserId closed = TestIds.user();
    UserId open = TestIds.user();
    UUID openId = TestIds.at(start).value();
    anOlderNodeWrites(TestIds.at(start).value(), closed, start, start.plusSeconds(9));
    anOlderNodeWrites(openId, open, start.plusSeconds(1), null);

    apply(scripts().subList(4, 5));

    ConnectionLog log = JdbiConnectionLog.create(database);
    assertThat(log.lastSeen(List.of(closed, open)))
        .isEqualTo(Map.of(closed, start.plusSeconds(9), open, start.plusSeconds(1)));

    UserId fresh = TestIds.user();
    anOlderNodeWrites(openId, open, start.plusSeconds(1), start.plusSeconds(60));
    anOlderNodeWrites(TestIds.next().value(), fresh, start, null);
    assertThat(log.lastSeen(List.of(closed, open, fresh)))
        .isEqualTo(Map.of(closed, start.plusSeconds(9), open, start.plusSeconds(60), fresh, start));

    execute("DELETE FROM realtime.connection_log WHERE user_id = '" + open + "'");
    assertThat(log.lastSeen(List.of(closed, open, fresh))).containsOnlyKeys(closed, fresh);
  }

  @Test
  void a_role_with_rights_on_the_older_tables_alone_goes_on() {
    execute("CREATE SCHEMA realtime");
    apply(scripts().subList(0, 4));
    String role = "before_" + UUID.randomUUID().toString().substring(0, 8);
    execute("CREATE ROLE " + role + " LOGIN");
    execute("GRANT USAGE ON SCHEMA realtime TO " + role);
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO " + role);
    execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
    apply(scripts().subList(4, 5));

    ConnectionLog log = JdbiConnectionLog.create(Postgres.as(role, database));
    UserId user = TestIds.user();
    ConnectionLogEntry open = opened(user, start);
    log.check();
    log.write(List.of(open));
    log.write(List.of(open.closed(start.plusSeconds(5), 1000, "bye")));
    assertThat(log.lastSeen(List.of(user))).containsEntry(user, start.plusSeconds(5));
    assertThat(log.erase(user)).isOne();
    assertThat(rows()).isZero();
  }

  @Test
  void connections_that_are_removed_by_hand_leave_what_the_others_say() {
    ConnectionLog log = migrated();
    UserId user = TestIds.user();
    ConnectionLogEntry late = opened(user, start.plusSeconds(60));
    log.write(List.of(opened(user, start).closed(start.plusSeconds(5), 1000, "bye"), late));

    execute("DELETE FROM realtime.connection_log WHERE id = '" + late.id() + "'");

    assertThat(log.lastSeen(List.of(user))).containsEntry(user, start.plusSeconds(5));
  }

  @Test
  void retention_forgets_who_was_last_seen_in_a_month_that_it_drops_and_nobody_else() {
    migrated();
    ConnectionLog log = JdbiConnectionLog.builder(jdbi).retention(Period.ofMonths(2)).build();
    UserId longAgo = TestIds.user();
    UserId stayed = TestIds.user();
    UserId here = TestIds.user();
    Instant old = TestIds.monthsAgo(9);
    log.write(
        List.of(
            opened(longAgo, old).closed(old.plusSeconds(5), 1000, "bye"),
            opened(stayed, old).closed(start, 1000, "bye"),
            opened(here, start)));

    log.maintain();

    assertThat(log.lastSeen(List.of(longAgo, stayed, here)))
        .isEqualTo(Map.of(stayed, start, here, start));
    // Of whom the log holds nothing any more, nothing is left after an erasure either.
    assertThat(log.erase(stayed)).isZero();
    assertThat(log.lastSeen(List.of(stayed, here))).containsOnlyKeys(here);
    assertThatCode(log::maintain).doesNotThrowAnyException();
  }

  @Test
  void nodes_that_write_of_the_same_users_do_not_wait_for_each_other_in_a_circle()
      throws Exception {
    migrated();
    List<UserId> users = Stream.generate(TestIds::user).limit(40).toList();
    ConnectionLog log = JdbiConnectionLog.create(database);
    log.write(users.stream().map(user -> opened(user, start)).toList());
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> all =
          IntStream.range(0, 4)
              .<Callable<Void>>mapToObj(node -> () -> flickers(users, node))
              .toList();
      for (Future<Void> node : nodes.invokeAll(all)) {
        node.get();
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(deadlocks()).isZero();
  }

  /** Each batch closes the connections of one half of the users, and opens some of the other. */
  private Void flickers(List<UserId> users, int node) {
    ConnectionLog log = JdbiConnectionLog.create(database);
    Random random = new Random(node);
    List<ConnectionLogEntry> open = new ArrayList<>();
    for (int batch = 0; batch < 60; batch++) {
      List<UserId> mixed = new ArrayList<>(users);
      Collections.shuffle(mixed, random);
      List<ConnectionLogEntry> entries = new ArrayList<>();
      open.forEach(entry -> entries.add(entry.closed(Instant.now(), 1000, "bye")));
      open.clear();
      mixed.subList(0, 20).forEach(user -> open.add(opened(user, Instant.now())));
      entries.addAll(open);
      log.write(entries);
    }
    return null;
  }

  private int deadlocks() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void a_question_reads_no_connection_however_many_there_are() {
    ConnectionLog log = migrated();
    List<UserId> users = Stream.generate(TestIds::user).limit(200).toList();
    for (int round = 0; round < 5; round++) {
      log.write(users.stream().map(user -> opened(user, start)).toList());
    }
    long before = tuplesRead();
    assertThat(log.lastSeen(users)).hasSize(200);
    assertThat(tuplesRead()).isEqualTo(before);
  }

  /** Of the log, in all of its months; another session has told them when it ended. */
  private long tuplesRead() {
    execute("SELECT pg_stat_force_next_flush()");
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)"
                        + " FROM pg_stat_user_tables WHERE relname LIKE 'connection_log_p%'")
                .mapTo(Long.class)
                .one());
  }
}
