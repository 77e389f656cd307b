package dev.realtime4j.jdbi;

import static dev.realtime4j.jdbi.TestIds.monthsAgo;
import static dev.realtime4j.jdbi.TestIds.titled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What each call touches when there are forty months of rows: looked up in PostgreSQL's own
 * statistics and locks, just before each commit.
 */
class PlansTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final Jdbi JDBI = Jdbi.create(DATABASE);
  private static final UserId USER = TestIds.user();
  private static final Deque<NotificationId> THIS_MONTH = new ArrayDeque<>();

  /** The driver prepares at the fifth run, and PostgreSQL may keep a plan from the tenth on. */
  private static final int RUNS = 15;

  @BeforeAll
  static void forty_months_of_rows() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    JdbiNotificationRepository repository = JdbiNotificationRepository.create(DATABASE);
    for (int months = 0; months < 40; months++) {
      Instant month = months == 0 ? Instant.now() : monthsAgo(months);
      List<NotificationId> ids = IntStream.range(0, 120).mapToObj(i -> TestIds.at(month)).toList();
      repository.insertAll(ids, ids.stream().map(id -> titled(USER, "x")).toList());
      if (months == 0) {
        THIS_MONTH.addAll(ids);
      }
    }
    JDBI.useHandle(handle -> handle.execute("ANALYZE"));
  }

  /**
   * @param scanned partitions of notifications that were read
   * @param locks on relations, in the last run: once for each statement and connection the planner
   *     looks at all partitions, to find that one plan for all parameters is no good
   */
  private record Touched(Set<String> scanned, int locks) {}

  private static Touched touched(Consumer<JdbiNotificationRepository> call) throws SQLException {
    Set<String> scanned = new TreeSet<>();
    List<Integer> locks = new ArrayList<>();
    try (Connection connection = DATABASE.getConnection()) {
      Connection watched =
          (Connection)
              Proxy.newProxyInstance(
                  PlansTest.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                      return null;
                    }
                    if (method.getName().equals("commit")) {
                      look(connection, scanned, locks);
                    }
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      JdbiNotificationRepository repository =
          JdbiNotificationRepository.create(Jdbi.create(() -> watched));
      for (int run = 0; run < RUNS; run++) {
        call.accept(repository);
      }
    }
    return new Touched(scanned, locks.get(locks.size() - 1));
  }

  private static void look(Connection connection, Set<String> scanned, List<Integer> locks)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                  + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                  + " WHERE l.pid = pg_backend_pid() AND n.nspname = 'realtime'")) {
        row.next();
        locks.add(row.getInt(1));
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT relname FROM pg_stat_xact_user_tables"
                  + " WHERE relname LIKE 'notification\\_p%'"
                  + " AND coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0")) {
        while (row.next()) {
          scanned.add(row.getString(1));
        }
      }
    }
  }

  private static String partition(int monthsAgo) {
    return "notification_p"
        + UuidTime.monthOf(UuidTime.floor(monthsAgo(monthsAgo))).toString().replace('-', '_');
  }

  /** Of this month, or to come; that it is empty has to be found out. */
  private static boolean isOld(String partition) {
    return partition.compareTo(partition(0)) < 0;
  }

  @Test
  void the_newest_page_never_opens_an_older_partition() throws SQLException {
    Touched touched =
        touched(
            repository ->
                assertThat(
                        repository
                            .list(USER, NotificationFilter.ALL, PageRequest.first(20))
                            .items())
                    .hasSize(20));
    assertThat(touched.scanned()).contains(partition(0)).noneMatch(PlansTest::isOld);
  }

  @Test
  void a_later_page_executes_only_the_partitions_it_shows() {
    String sql =
        RealtimeSchema.DEFAULT
            .sql(NotificationLists.sql(NotificationFilter.ALL, false))
            .replace(":before", "'" + UuidTime.floor(monthsAgo(20).minus(Duration.ofDays(1))) + "'")
            .replace(":user", "'" + USER + "'")
            .replace(":limit", "50");
    List<String> plan =
        JDBI.withHandle(
            handle ->
                handle
                    .createQuery("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql)
                    .mapTo(String.class)
                    .list());
    assertThat(plan)
        .anySatisfy(line -> assertThat(line).contains(partition(21), "(actual rows=50"))
        .noneSatisfy(line -> assertThat(line).contains("Sort"));
    for (int old = 22; old < 40; old++) {
      String name = partition(old);
      assertThat(plan)
          .filteredOn(line -> line.contains(" on " + name + " "))
          .allSatisfy(line -> assertThat(line).contains("(never executed)"))
          .hasSize(1);
    }
  }

  @Test
  void catching_up_leaves_old_partitions_closed() throws SQLException {
    SyncCursor recent =
        TestIds.sync(JdbiNotificationRepository.create(DATABASE), USER, Optional.empty()).cursor();
    Touched touched =
        touched(
            repository ->
                repository.sync(
                    Map.of(USER, Optional.of(recent), TestIds.user(), Optional.empty()), 200));
    assertThat(touched.scanned())
        .noneMatch(name -> name.compareTo(partition(1)) < 0)
        .contains(partition(0));
  }

  @Test
  void reading_by_id_touches_one_partition() throws SQLException {
    Touched touched =
        touched(
            repository ->
                assertThat(repository.read(USER, THIS_MONTH.pop(), Instant.now())).isPresent());
    assertThat(touched.scanned()).containsExactly(partition(0));
    assertThat(touched.locks()).isLessThanOrEqualTo(16);
  }

  @Test
  void deleting_by_id_touches_one_partition() throws SQLException {
    Touched touched =
        touched(repository -> assertThat(repository.delete(USER, THIS_MONTH.pop())).isTrue());
    assertThat(touched.scanned()).containsExactly(partition(0));
    assertThat(touched.locks()).isLessThanOrEqualTo(16);
  }

  @Test
  void pending_by_id_touches_one_partition() throws SQLException {
    Touched touched =
        touched(
            repository ->
                assertThat(repository.pending(List.of(THIS_MONTH.peekLast()))).hasSize(1));
    assertThat(touched.scanned()).containsExactly(partition(0));
    assertThat(touched.locks()).isLessThanOrEqualTo(16);
  }

  @Test
  void inserting_touches_one_partition() throws SQLException {
    Touched touched =
        touched(repository -> repository.insert(TestIds.next(), titled(TestIds.user(), "x")));
    assertThat(touched.scanned()).isSubsetOf(partition(0));
    assertThat(touched.locks()).isLessThanOrEqualTo(16);
  }
}
