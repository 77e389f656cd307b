package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.fixtures.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What keeps a node from being ready, and what is told about it. */
class SchemaCheckTest {
  private static final RealtimeSchema SCHEMA = RealtimeSchema.DEFAULT;

  private final DataSource database = Postgres.database();
  private final Jdbi jdbi = Jdbi.create(database);

  private static AbstractThrowableAssert<?, ?> assertUnfit(ThrowingCallable check) {
    return assertThatThrownBy(check)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
  }

  private static void check(DataSource database) {
    JdbiNotificationRepository.create(database).check();
    JdbiConnectionLog.create(database).check();
  }

  private String role() {
    String role = "checked_" + UUID.randomUUID().toString().substring(0, 8);
    jdbi.useHandle(handle -> handle.execute("CREATE ROLE " + role + " LOGIN"));
    return role;
  }

  private void execute(String sql) {
    jdbi.useHandle(handle -> handle.execute(sql));
  }

  @Test
  void what_the_migrations_make_is_fit() {
    SCHEMA.migrate(database);
    assertThatCode(() -> check(database)).doesNotThrowAnyException();
  }

  @Test
  void no_schema_at_all_is_told_with_its_remedy() {
    assertUnfit(() -> JdbiNotificationRepository.create(database).check())
        .hasMessageContaining("missing in schema realtime")
        .hasMessageContaining("RealtimeSchema.migrate");
    assertUnfit(() -> JdbiConnectionLog.create(database).check())
        .hasMessageContaining("RealtimeSchema.migrate");
  }

  private static List<String> told(Runnable check) {
    try {
      check.run();
      return List.of();
    } catch (RealtimeException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  static Stream<Integer> migrationsButTheFirst() {
    return Stream.iterate(1, i -> i + 1).limit(RealtimeSchema.files().size() - 1);
  }

  @ParameterizedTest
  @MethodSource("migrationsButTheFirst")
  void tables_without_a_migration_are_of_an_older_version(int applied) {
    execute("CREATE SCHEMA realtime");
    List<Map.Entry<String, String>> scripts = new ArrayList<>(SCHEMA.scripts().entrySet());
    scripts.subList(0, applied).forEach(script -> execute(script.getValue()));
    String version = scripts.get(applied).getKey().split("__")[0];

    // Each store tells of the first that it needs.
    assertThat(told(JdbiNotificationRepository.create(database)::check))
        .hasSizeLessThan(2)
        .allSatisfy(message -> assertThat(message).contains("older version", "migrate"));
    assertThat(
            Stream.of(
                told(JdbiNotificationRepository.create(database)::check),
                told(JdbiConnectionLog.create(database)::check)))
        .flatExtracting(messages -> messages)
        .anySatisfy(message -> assertThat(message).contains("migration " + version + ";"));

    scripts.subList(applied, scripts.size()).forEach(script -> execute(script.getValue()));
    assertThatCode(() -> check(database)).doesNotThrowAnyException();
  }

  @Test
  void a_role_that_may_not_use_the_schema_is_told_what_to_grant() {
    SCHEMA.migrate(database);
    String role = role();
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO " + role);
    DataSource other = Postgres.as(role, database);

    assertUnfit(() -> check(other)).hasMessageContaining("GRANT USAGE ON SCHEMA realtime");

    execute("GRANT USAGE ON SCHEMA realtime TO " + role);
    assertThatCode(() -> check(other)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, notification_dedupe",
    "INSERT, notification",
    "UPDATE, notification_outbox",
    "SELECT, notification_epoch",
    "UPDATE, connection_log",
  })
  void a_right_that_is_lacking_is_named(String right, String table) {
    SCHEMA.migrate(database);
    String role = role();
    execute("GRANT USAGE ON SCHEMA realtime TO " + role);
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO " + role);
    execute("REVOKE " + right + " ON realtime." + table + " FROM " + role);

    assertUnfit(() -> check(Postgres.as(role, database)))
        .hasMessageContaining("(" + right + " " + table + ")")
        .hasMessageContaining("GRANT");
  }

  @Test
  void rights_on_columns_are_enough() {
    SCHEMA.migrate(database);
    String role = role();
    execute("GRANT USAGE ON SCHEMA realtime TO " + role);
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO " + role);
    execute("REVOKE UPDATE ON realtime.notification FROM " + role);
    execute("GRANT UPDATE (read_at) ON realtime.notification TO " + role);

    assertThatCode(() -> check(Postgres.as(role, database))).doesNotThrowAnyException();
  }

  @Test
  void a_login_that_is_refused_is_told_as_such() {
    assertUnfit(() -> check(Postgres.as("nobody_of_this_name", database)))
        .hasMessageContaining("refuses the login");
  }

  @Test
  void a_database_that_does_not_answer_is_unavailable_not_unfit() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setPortNumbers(new int[] {1});
    assertThatThrownBy(() -> check(nowhere))
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
