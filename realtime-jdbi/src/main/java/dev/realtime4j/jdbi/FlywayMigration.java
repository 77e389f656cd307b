package dev.realtime4j.jdbi;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import java.io.Reader;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** The only class that names Flyway, so that the others load without it. */
final class FlywayMigration {
  private FlywayMigration() {}

  static void run(RealtimeSchema schema, DataSource dataSource) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(dataSource)
            .schemas(schema.name())
            .defaultSchema(schema.name())
            .createSchemas(false)
            .table(RealtimeSchema.HISTORY_TABLE)
            .resourceProvider(new Files(RealtimeSchema.files()))
            .locations(new String[0])
            .placeholders(Map.of(RealtimeSchema.PLACEHOLDER, schema.name()))
            // The schema may be one that holds tables of the host.
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .load();
    try {
      locked(dataSource, schema, connection -> createSchema(schema, connection));
      // Flyway's own lock does not cover the making of its history table.
      locked(dataSource, schema, connection -> flyway.migrate());
    } catch (SQLException | FlywayException e) {
      SQLException sql = SqlErrors.find(e);
      if (sql != null && SqlErrors.lacksDriver(sql)) {
        throw SqlErrors.noDriver("migrate schema " + schema, sql);
      }
      if (sql != null && SqlErrors.isAway(sql)) {
        throw RealtimeException.unavailable("could not migrate schema " + schema, e);
      }
      throw new RealtimeException(
          ErrorCode.INTERNAL,
          "could not migrate schema " + schema + ": its role must own the schema",
          e);
    }
  }

  /** What one node does while the others wait. */
  private interface Step {
    void run(Connection connection) throws SQLException;
  }

  private static void locked(DataSource dataSource, RealtimeSchema schema, Step step)
      throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('realtime4j:schema:"
                + schema
                + "', 0))");
        step.run(connection);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  /** Twelve CREATE SCHEMA IF NOT EXISTS at once do fail. */
  private static void createSchema(RealtimeSchema schema, Connection connection)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Not CREATE IF NOT EXISTS: that needs the right to create even when there is nothing to do.
      statement.execute(
          "DO $do$ BEGIN IF to_regnamespace('\""
              + schema
              + "\"') IS NULL THEN CREATE SCHEMA \""
              + schema
              + "\"; END IF; END $do$");
    }
  }

  private record Files(Map<String, String> files) implements ResourceProvider {
    @Override
    public @Nullable LoadableResource getResource(String name) {
      String sql = files.get(name);
      return sql == null ? null : new File(name, sql);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return files.entrySet().stream()
          .filter(file -> file.getKey().startsWith(prefix))
          .filter(file -> List.of(suffixes).stream().anyMatch(file.getKey()::endsWith))
          .<LoadableResource>map(file -> new File(file.getKey(), file.getValue()))
          .toList();
    }
  }

  private static final class File extends LoadableResource {
    private final String name;
    private final String sql;

    File(String name, String sql) {
      this.name = name;
      this.sql = sql;
    }

    @Override
    public Reader read() {
      return new StringReader(sql);
    }

    @Override
    public String getAbsolutePath() {
      return "dev/realtime4j/jdbi/migration/" + name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return getAbsolutePath();
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
