package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.jdbi.Pools.Pool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call on every pool, and what it leaves on the connections that it borrowed. */
class PoolsTest {
  private static final DataSource DATABASE = Postgres.database();
  private static final String INIT = "SET lock_timeout = '3s'";

  private static Stream<Arguments> pools() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    return Stream.of(Pools.values())
        .flatMap(
            pool ->
                pool == Pools.C3P0
                    ? Stream.of(Arguments.of(pool, true))
                    : Stream.of(Arguments.of(pool, true), Arguments.of(pool, false)));
  }

  /** What a session carries from one borrower to the next. */
  private record Session(
      boolean autoCommit,
      boolean readOnly,
      int isolation,
      String settings,
      String locks,
      String channels,
      String tables) {
    static Session of(Connection connection) throws SQLException {
      boolean autoCommit = connection.getAutoCommit();
      try {
        return new Session(
            autoCommit,
            connection.isReadOnly(),
            connection.getTransactionIsolation(),
            text(
                connection,
                "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings"
                    + " WHERE source = 'session' AND name NOT LIKE 'transaction_%'"),
            text(
                connection,
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid ="
                    + " pg_backend_pid()"),
            text(connection, "SELECT count(*) FROM pg_listening_channels()"),
            text(
                connection,
                "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()"));
      } finally {
        if (!autoCommit) {
          connection.commit();
        }
      }
    }

    private static String text(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }

  /** Both connections of the pool. */
  private static List<Session> sessions(DataSource pool) throws SQLException {
    try (Connection one = pool.getConnection();
        Connection two = pool.getConnection()) {
      List<Session> sessions = new ArrayList<>();
      sessions.add(Session.of(one));
      sessions.add(Session.of(two));
      return sessions;
    }
  }

  private static int openTransactions() {
    return Jdbi.create(DATABASE)
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'")
                    .mapTo(Integer.class)
                    .one());
  }

  @ParameterizedTest(name = "{0}, auto-commit {1}")
  @MethodSource("pools")
  void every_call_works_and_leaves_the_connections_as_they_were(Pools kind, boolean autoCommit)
      throws Exception {
    try (Pool pool = kind.open(Postgres.url(DATABASE), autoCommit, INIT)) {
      List<Session> before = sessions(pool.dataSource());
      assertThat(before).extracting(Session::autoCommit).containsOnly(autoCommit);
      for (Map.Entry<String, Runnable> call : Calls.of(Jdbi.create(pool.dataSource())).entrySet()) {
        call.getValue().run();
        assertThat(openTransactions()).as("transactions left open by " + call.getKey()).isZero();
        assertThat(sessions(pool.dataSource())).as("left by " + call.getKey()).isEqualTo(before);
      }
    }
  }
}
