package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
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
import org.junit.jupiter.params.provider.ValueSource;

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
            return repository.monthsAhead().orElseThrow();
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
    assertThat(JdbiNotificationRepository.create(jdbi, schema).monthsAhead()).hasValue(3);
    assertThat(schema.scripts().values()).noneMatch(sql -> sql.contains("${"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Realtime", "1st", "a-b", "a\"b", "a b", "a.b", "ünïcode", "pg_own"})
  void a_name_that_would_need_care_is_refused(String name) {
    assertThatThrownBy(() -> RealtimeSchema.named(name))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
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
