package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.fixtures.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class MigrationTest {
  private static int count(DataSource database, String sql) {
    return Jdbi.create(database)
        .withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  @Test
  void twelve_nodes_that_start_at_once_on_an_empty_database_migrate_it_once() throws Exception {
    DataSource database = Postgres.database();
    CyclicBarrier start = new CyclicBarrier(12);
    ExecutorService nodes = Executors.newFixedThreadPool(12);
    try {
      Callable<Integer> node =
          () -> {
            start.await();
            RealtimeSchema.DEFAULT.migrate(database);
            JdbiNotificationRepository repository = JdbiNotificationRepository.create(database);
            repository.maintain();
            return repository.partitionsAhead().orElseThrow();
          };
      List<Integer> ahead = new ArrayList<>();
      for (Future<Integer> result : nodes.invokeAll(Collections.nCopies(12, node))) {
        ahead.add(result.get());
      }
      assertThat(ahead).containsOnly(3).hasSize(12);
    } finally {
      nodes.shutdownNow();
    }
    assertThat(
            count(
                database,
                "SELECT count(*) FROM realtime.realtime_schema_history WHERE type = 'SQL'"))
        .isEqualTo(RealtimeSchema.files().size());
    assertThat(count(database, "SELECT count(*) FROM realtime.notification_epoch")).isOne();
  }

  @Test
  void a_schema_that_holds_tables_of_the_host_is_migrated_beside_them() {
    DataSource database = Postgres.database();
    Jdbi.create(database).useHandle(handle -> handle.execute("CREATE TABLE public.orders(id int)"));
    RealtimeSchema schema = RealtimeSchema.named("public");
    schema.migrate(database);
    schema.migrate(database);
    assertThat(count(database, "SELECT count(*) FROM public.notification")).isZero();
  }

  @Test
  void two_schemas_of_one_database_do_not_meet() {
    DataSource database = Postgres.database();
    RealtimeSchema.named("one").migrate(database);
    RealtimeSchema.named("two").migrate(database);
    Jdbi jdbi = Jdbi.create(database);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO one.notification(user_id, title) VALUES (gen_random_uuid(), 'x')"));
    assertThat(count(database, "SELECT count(*) FROM one.notification")).isOne();
    assertThat(count(database, "SELECT count(*) FROM two.notification")).isZero();
  }

  @Test
  void the_scripts_do_without_flyway() throws SQLException {
    DataSource database = Postgres.database();
    RealtimeSchema schema = RealtimeSchema.named("by_hand");
    Jdbi jdbi = Jdbi.create(database);
    jdbi.useHandle(handle -> handle.execute("CREATE SCHEMA by_hand"));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String script : schema.scripts().values()) {
        statement.execute(script);
      }
    }
    assertThat(JdbiNotificationRepository.create(jdbi, schema).partitionsAhead()).hasValue(3);
    assertThat(schema.scripts().values()).noneMatch(sql -> sql.contains("${"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Realtime", "1st", "a-b", "a\"b", "a b", "a.b", "ünïcode", "pg_own"})
  void a_name_that_would_need_care_is_refused(String name) {
    assertThatThrownBy(() -> RealtimeSchema.named(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_database_that_is_away_is_unavailable() {
    DataSource away = Postgres.as("nobody_of_this_name", Postgres.database());
    assertThatThrownBy(() -> RealtimeSchema.DEFAULT.migrate(away))
        .isInstanceOf(RealtimeException.class);
  }

  @Test
  void without_flyway_the_error_names_what_to_add() throws Exception {
    Class<?> schema = Class.forName(RealtimeSchema.class.getName(), true, new WithoutFlyway());
    Object standard = schema.getField("DEFAULT").get(null);
    var migrate = schema.getMethod("migrate", DataSource.class);
    assertThatThrownBy(() -> migrate.invoke(standard, Postgres.database()))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(RealtimeException.class)
        .hasMessageContaining("org.flywaydb:flyway-core")
        .hasMessageContaining("org.flywaydb:flyway-database-postgresql");
  }

  private static Throwable refused(DataSource database) {
    Throwable failure = catchThrowable(() -> RealtimeSchema.DEFAULT.migrate(database));
    assertThat(failure).isInstanceOf(RealtimeException.class);
    return failure;
  }

  @ParameterizedTest
  @EnumSource
  void one_connection_of_the_pool_is_enough_and_goes_back_as_it_was(Postgres.AutoCommit autoCommit)
      throws Exception {
    try (HikariDataSource pool = Postgres.pool(Postgres.database(), autoCommit, 1)) {
      List<String> settings =
          List.of("role", "search_path", "lock_timeout", "default_transaction_isolation");
      Jdbi jdbi = Jdbi.create(pool);
      List<String> before = settings(jdbi, settings);
      RealtimeSchema.DEFAULT.migrate(pool);
      RealtimeSchema.DEFAULT.migrate(pool);
      assertThat(settings(jdbi, settings)).isEqualTo(before);
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit == Postgres.AutoCommit.ON);
      }
      assertThat(
              count(
                  pool,
                  "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database"
                      + " WHERE locktype = 'advisory' AND datname = current_database()"))
          .isZero();
      assertThat(count(pool, "SELECT count(*) FROM realtime.realtime_schema_history"))
          .isGreaterThanOrEqualTo(RealtimeSchema.files().size());
    }
  }

  private static List<String> settings(Jdbi jdbi, List<String> names) {
    return jdbi.withHandle(
        handle ->
            names.stream()
                .map(name -> handle.createQuery("SHOW " + name).mapTo(String.class).one())
                .toList());
  }

  @Test
  void a_stricter_isolation_does_not_hide_what_another_node_did() throws Exception {
    DataSource database = Postgres.database();
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    "ALTER DATABASE "
                        + Postgres.name(database)
                        + " SET default_transaction_isolation = 'serializable'"));
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> node =
          () -> {
            RealtimeSchema.DEFAULT.migrate(database);
            return true;
          };
      for (Future<Boolean> result : nodes.invokeAll(Collections.nCopies(4, node))) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      nodes.shutdownNow();
    }
  }

  @Test
  void a_role_that_may_not_create_the_schema_is_named_once() {
    DataSource database = Postgres.database();
    Jdbi.create(database).useHandle(handle -> handle.execute("CREATE ROLE poor LOGIN"));
    Throwable failure = refused(Postgres.as("poor", database));
    assertThat(failure)
        .hasMessage(
            "could not migrate schema realtime: its role may not (42501): let the owner of schema"
                + " realtime run it, or, where it does not exist yet, GRANT CREATE ON DATABASE to"
                + " the role");
  }

  @Test
  void a_history_that_is_of_another_file_is_named() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE realtime.realtime_schema_history SET checksum = 1"
                        + " WHERE version = '2'"));
    assertThat(refused(database))
        .hasMessageContaining("are not the migrations of this version of realtime-jdbi");
  }

  @Test
  void what_was_applied_by_hand_before_is_named() throws SQLException {
    DataSource database = Postgres.database();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA realtime");
      statement.execute(RealtimeSchema.DEFAULT.scripts().get("V1__ids_and_months.sql"));
    }
    assertThat(refused(database))
        .hasMessageContaining("applied by hand")
        .hasMessageContaining("(42723)");
  }

  @Test
  void a_table_of_the_host_in_the_way_is_named_and_nothing_is_left() {
    DataSource database = Postgres.database();
    Jdbi.create(database)
        .useHandle(handle -> handle.execute("CREATE TABLE public.notification (id int)"));
    assertThatThrownBy(() -> RealtimeSchema.named("public").migrate(database))
        .isInstanceOf(RealtimeException.class)
        .hasMessageContaining("a table of the same name that is not ours (42P07)")
        .hasMessageContaining("RealtimeSchema.named");
    assertThat(count(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .isOne();
  }

  @Test
  void a_database_that_only_reads_is_named() {
    DataSource database = Postgres.database();
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    "ALTER DATABASE "
                        + Postgres.name(database)
                        + " SET default_transaction_read_only = on"));
    assertThat(refused(database))
        .hasMessageContaining("PostgreSQL refuses to write (25006)")
        .hasMessageContaining("default_transaction_read_only is on");
  }

  @Test
  void a_connection_of_the_hosts_transaction_is_refused() throws Exception {
    DataSource database = Postgres.database();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE half_done (id int)");
      assertThat(refused(new SingleConnectionDataSource(connection, true)))
          .hasMessageContaining("a transaction is open on it");
      connection.rollback();
    }
    assertThat(count(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'half_done'"))
        .isZero();
  }

  /** Loads our classes anew, where Flyway does not exist. */
  private static final class WithoutFlyway extends ClassLoader {
    WithoutFlyway() {
      super(MigrationTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.flywaydb.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.realtime4j.jdbi.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
