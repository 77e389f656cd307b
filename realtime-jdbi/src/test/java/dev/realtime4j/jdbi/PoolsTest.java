package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.fixtures.Postgres;
import dev.realtime4j.jdbi.Pools.Pool;
import java.sql.Connection;
import java.sql.SQLException;
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
