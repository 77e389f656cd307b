package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What is left on the server's sessions, which pgbouncer hands to strangers as they are. */
@Tag("pgbouncer")
class PgBouncerSessionsTest {
  private static final int SERVER_CONNECTIONS = 4;

  /** All sessions of the server: each is held by a transaction until all are there. */
  private static List<Session> sessions(DataSource pool) throws SQLException {
    List<Connection> open = new ArrayList<>();
    List<Session> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < SERVER_CONNECTIONS; i++) {
        Connection connection = pool.getConnection();
        open.add(connection);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
          statement.execute("SELECT 1");
        }
      }
      for (Connection connection : open) {
        sessions.add(Session.of(connection));
      }
    } finally {
      for (Connection connection : open) {
        connection.rollback();
        connection.close();
      }
    }
    return sessions;
  }

  @Test
  void no_call_leaves_anything_on_the_sessions_of_strangers() throws Exception {
    PGSimpleDataSource database = (PGSimpleDataSource) Postgres.database();
    try (PgBouncer bouncer = PgBouncer.before(database, SERVER_CONNECTIONS);
        HikariDataSource pool =
            Postgres.pool(bouncer.database(Postgres.name(database)), Postgres.AutoCommit.ON, 16)) {
      List<Session> before = sessions(pool);
      RealtimeSchema.DEFAULT.migrate(pool);
      RealtimeSchema.DEFAULT.migrate(pool);
      assertThat(sessions(pool)).as("left by migrate").isEqualTo(before);
      for (Map.Entry<String, Runnable> call : Calls.of(Jdbi.create(pool)).entrySet()) {
        for (int i = 0; i < 2 * SERVER_CONNECTIONS; i++) {
          call.getValue().run();
        }
        assertThat(sessions(pool)).as("left by " + call.getKey()).isEqualTo(before);
      }
    }
  }
}
