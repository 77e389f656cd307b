package dev.realtime4j.jdbi;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.internal.Library;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * The PostgreSQL schema that holds all tables of realtime4j, and its migrations.
 *
 * <pre>{@code
 * RealtimeSchema.DEFAULT.migrate(dataSource);
 * }</pre>
 *
 * <p>Three ways to apply the migrations, which are the numbered files of {@code
 * dev/realtime4j/jdbi/migration} in this jar:
 *
 * <ul>
 *   <li>{@link #migrate} at every start of every node: Flyway with a history table of its own,
 *       {@value #HISTORY_TABLE}, beside the application's own Flyway if it has one;
 *   <li>the same call from a deployment job whose role owns the schema, while the nodes run with a
 *       role that has only {@code USAGE} on the schema and {@code SELECT, INSERT, UPDATE, DELETE}
 *       on its tables: such a job must also call {@code SELECT
 *       realtime.create_months('notification', 3), realtime.create_months('connection_log', 3)}
 *       every month, because the nodes may not;
 *   <li>without Flyway: {@link #scripts()}, once each and in order, in a transaction each, after
 *       {@code CREATE SCHEMA}. A Flyway instance of the application can run the files from the jar:
 *       location {@code classpath:dev/realtime4j/jdbi/migration}, a history table of its own
 *       (version numbers start at 1), placeholder {@value #PLACEHOLDER} = the schema's name.
 * </ul>
 *
 * <p>Thread safety: immutable.
 */
public final class RealtimeSchema {
  /** The schema {@code realtime}. */
  public static final RealtimeSchema DEFAULT = new RealtimeSchema("realtime");

  /** Flyway's table in the schema. */
  public static final String HISTORY_TABLE = "realtime_schema_history";

  /**
   * The placeholder for the schema's name in the migration files, between <code>${</code> and }.
   */
  public static final String PLACEHOLDER = "realtime_schema";

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final List<String> FILES =
      List.of(
          "V1__ids_and_months.sql",
          "V2__notifications.sql",
          "V3__connection_log.sql",
          "V4__history.sql",
          "V5__last_seen.sql");

  private static final String FLYWAY_REMEDY =
      "add org.flywaydb:flyway-core and org.flywaydb:flyway-database-postgresql, in the same"
          + " version from 10 to 13, or apply RealtimeSchema.scripts() yourself";
  private static final Library FLYWAY =
      new Library("Flyway", "org.flywaydb.core.Flyway", FLYWAY_REMEDY);
  private static final Library FLYWAY_POSTGRESQL =
      new Library(
          "Flyway's part for PostgreSQL",
          "org.flywaydb.database.postgresql.PostgreSQLDatabaseType",
          FLYWAY_REMEDY);

  private final String name;

  private RealtimeSchema(String name) {
    this.name = name;
  }

  /**
   * A schema of another name.
   *
   * @param name 1 to 63 of {@code a-z 0-9 _}, not beginning with a digit
   * @throws InvalidValueException when it is anything else
   */
  public static RealtimeSchema named(String name) {
    Objects.requireNonNull(name, "name");
    if (!NAME.matcher(name).matches() || name.startsWith("pg_")) {
      throw new InvalidValueException(
          "a schema name has 1 to 63 of a-z 0-9 _, begins with no digit and not with pg_");
    }
    return new RealtimeSchema(name);
  }

  /** The schema's name. */
  public String name() {
    return name;
  }

  /**
   * Creates or updates the schema. Any number of nodes may call it at the same time: one migrates,
   * the others wait for it. All of it is one transaction on one connection: after a failure nothing
   * is changed. Needs Flyway ({@code flyway-core} and {@code flyway-database-postgresql}) on the
   * class path, and a role that may create tables. Repeating it changes nothing.
   *
   * @param dataSource belongs to the application
   * @throws RealtimeException {@code UNAVAILABLE} when the database is unavailable or only reads;
   *     {@code BAD_REQUEST} when its connection is in a transaction of the application; {@code
   *     INTERNAL} when Flyway is missing or a migration failed. Each names its cause and what to do
   */
  public void migrate(DataSource dataSource) {
    FLYWAY.requireFor("migrating schema " + name, RealtimeSchema.class);
    FLYWAY_POSTGRESQL.requireFor("migrating schema " + name, RealtimeSchema.class);
    FlywayMigration.run(this, dataSource);
  }

  /**
   * Call it once after the rows came from another cluster: by a dump ({@code pg_dump}), or by
   * logical replication such as a blue-green deployment. Their transaction ids are those of the
   * other cluster: where they lie in the future of this one, catch-up would repeat them all. From
   * then on the clients' cursors are unknown, and each client pages through its list once.
   *
   * <p>In SQL the same is {@code CALL realtime.after_restore()}, which must not be within a
   * transaction. It works in steps of 5,000 rows with a commit after each, may be repeated, and
   * nodes may serve meanwhile. A promoted standby, a restart and a physical backup do not need it,
   * but it does no harm.
   *
   * @param dataSource belongs to the application; its role must have the rights of a node
   * @throws RealtimeException {@code UNAVAILABLE} when the database is unavailable: call it again
   */
  public void afterRestore(DataSource dataSource) {
    new Database(Jdbi.create(dataSource), this)
        .autoCommit(
            "mend the rows of schema " + name + " after a restore",
            handle -> handle.execute(sql("CALL $schema.after_restore()")) >= 0);
  }

  /**
   * The migrations, for applications without Flyway: file name to SQL, in the order to apply them,
   * with the schema's name filled in. A released file never changes; updates are further files.
   */
  public Map<String, String> scripts() {
    Map<String, String> scripts = new LinkedHashMap<>();
    files().forEach((file, sql) -> scripts.put(file, sql.replace("${" + PLACEHOLDER + "}", name)));
    return Collections.unmodifiableMap(scripts);
  }

  /** The migrations as they are in the jar. */
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : FILES) {
      // Read by our own class: a class loader or the module system may hide it from Flyway.
      try (InputStream in = RealtimeSchema.class.getResourceAsStream("migration/" + file)) {
        if (in == null) {
          throw new IllegalStateException("the jar of realtime-jdbi lacks migration/" + file);
        }
        files.put(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("could not read migration/" + file, e);
      }
    }
    return files;
  }

  /** A statement with the schema filled in where it says {@code $schema}. */
  String sql(String statement) {
    return statement.replace("$schema", '"' + name + '"');
  }

  @Override
  public String toString() {
    return name;
  }
}
