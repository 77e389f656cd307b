package dev.realtime4j.jdbi;

import java.io.Reader;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

  /**
   * All in one transaction on one connection: the nodes that come meanwhile wait for it, and after
   * a failure nothing is changed. (A migration that refuses a transaction, such as CREATE INDEX
   * CONCURRENTLY, cannot be among ours.)
   */
  static void run(RealtimeSchema schema, DataSource dataSource) {
    String what = "migrate schema " + schema;
    try (Connection connection = dataSource.getConnection()) {
      Borrowed.requirePrivate(connection, what);
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        migrate(schema, connection);
        connection.commit();
      } catch (Throwable e) {
        connection.rollback();
        ReadOnlyException.explain(e, connection);
        throw e;
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException | FlywayException e) {
      throw MigrationErrors.translate(what, schema, e);
    }
  }

  private static void migrate(RealtimeSchema schema, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Who has waited for another node is to see what that one did.
      statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      MigrationErrors.requireSupported(connection);
      // Flyway's own lock does not cover the making of its history table.
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtextextended('realtime4j:schema:" + schema + "', 0))");
      createSchema(schema, connection);
      // Flyway sets both for the session; a value that nobody had set before is reset.
      String role = text(statement, "SELECT current_setting('role')");
      String path =
          text(
              statement,
              "SELECT setting FROM pg_settings WHERE name = 'search_path' AND source = 'session'");
      flyway(schema, new OneConnection(connection)).migrate();
      set(connection, "role", role);
      if (path == null) {
        statement.execute("RESET search_path");
      } else {
        set(connection, "search_path", path);
      }
    }
  }

  private static Flyway flyway(RealtimeSchema schema, DataSource dataSource) {
    return Flyway.configure()
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
  }

  private static @Nullable String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static void set(Connection connection, String name, @Nullable String value)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, false)")) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }

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
