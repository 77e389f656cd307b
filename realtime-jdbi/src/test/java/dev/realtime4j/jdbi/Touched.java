package dev.realtime4j.jdbi;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What calls touched, by PostgreSQL's own word: the plan of each statement, the statistics of what
 * was scanned, and the locks that were held before each commit.
 *
 * @param planned partitions of notifications in the plans of all runs
 * @param scanned partitions of notifications that were read in all runs
 * @param locks how many relations each transaction had locked
 */
record Touched(Set<String> planned, Set<String> scanned, List<Integer> locks) {
  /** So many locks a backend keeps to itself; more go through a table that all share. */
  static final int FEW_LOCKS = 16;

  /** The driver prepares at the fifth run, and PostgreSQL may keep a plan from the tenth on. */
  static final int RUNS = 15;

  private static final Pattern PARTITION = Pattern.compile(" on (notification_p\\d{4}_\\d{2})\\b");

  /**
   * Runs a call so often on one connection that the driver has prepared its statements and
   * PostgreSQL has made up its mind about their plans.
   */
  static Touched by(DataSource database, Consumer<JdbiNotificationRepository> call)
      throws SQLException {
    Touched touched = new Touched(new TreeSet<>(), new TreeSet<>(), new ArrayList<>());
    try (Connection connection = database.getConnection()) {
      JdbiNotificationRepository repository =
          JdbiNotificationRepository.create(Jdbi.create(() -> touched.watch(connection)));
      for (int run = 0; run < RUNS; run++) {
        call.accept(repository);
      }
    }
    return touched;
  }

  private Connection watch(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, arguments) -> {
          if (method.getName().equals("close")) {
            return null;
          }
          if (method.getName().equals("commit")) {
            look(connection);
          }
          @Nullable Object result = invoke(connection, method, arguments);
          return result instanceof PreparedStatement statement ? watch(statement) : result;
        });
  }

  private PreparedStatement watch(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        statement,
        (method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            explain(statement);
          }
          return invoke(statement, method, arguments);
        });
  }

  /** The driver prints a statement with its parameters in place. */
  private void explain(PreparedStatement executed) throws SQLException {
    try (Statement statement = executed.getConnection().createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN (COSTS OFF) " + executed)) {
      while (plan.next()) {
        PARTITION
            .matcher(plan.getString(1))
            .results()
            .forEach(match -> planned.add(match.group(1)));
      }
    }
  }

  private void look(Connection connection) throws SQLException {
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

  /**
   * How many transactions had more than few locks. One for each statement and connection is
   * expected: PostgreSQL plans once for any parameters, and finds that to be no good.
   */
  long withManyLocks() {
    return locks.stream().filter(count -> count > FEW_LOCKS).count();
  }

  @FunctionalInterface
  private interface Call {
    @Nullable Object with(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T target, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            Touched.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.with(method, arguments)));
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
