package dev.realtime4j.jdbi;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.contract.ConnectionLogContract;
import dev.realtime4j.fixtures.Postgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.postgresql.ds.PGSimpleDataSource;

/** The laws, through pgbouncer in transaction mode. */
@Tag("pgbouncer")
@SuppressWarnings("NullAway.Init")
class PgBouncerConnectionLogTest extends ConnectionLogContract {
  private static PgBouncer bouncer;
  private static HikariDataSource pool;
  private static ConnectionLog log;

  @BeforeAll
  static void open() throws Exception {
    PGSimpleDataSource database = (PGSimpleDataSource) Postgres.database();
    bouncer = PgBouncer.before(database, 4);
    pool = Postgres.pool(bouncer.database(Postgres.name(database)), Postgres.AutoCommit.ON, 16);
    RealtimeSchema.DEFAULT.migrate(pool);
    log = JdbiConnectionLog.create(pool);
  }

  @AfterAll
  static void close() throws Exception {
    pool.close();
    bouncer.close();
  }

  @Override
  protected ConnectionLog log() {
    return log;
  }
}
