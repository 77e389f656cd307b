package dev.realtime4j.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.jdbi.RealtimeSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's pool of connections to PostgreSQL, and its schema. */
final class NodeDatabase {
  private static final Logger log = LoggerFactory.getLogger(NodeDatabase.class);
  private static final int CONNECTIONS = 10;

  private NodeDatabase() {}

  /**
   * Opens the pool, after one connection by hand: its failure is one clear line, a pool's is many.
   *
   * @throws StartFailedException when PostgreSQL does not answer or refuses the login
   */
  static HikariDataSource open(NodeSettings.Database database) {
    Properties properties = properties(database);
    try (Connection connection = DriverManager.getConnection(database.url(), properties)) {
      connection.isValid(5);
    } catch (SQLException e) {
      throw new StartFailedException("no connection to PostgreSQL (REALTIME_JDBC_URL)", e);
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("realtime-node");
    config.setJdbcUrl(database.url());
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(5_000);
    return new HikariDataSource(config);
  }

  private static Properties properties(NodeSettings.Database database) {
    Properties properties = new Properties();
    if (database.user() != null) {
      properties.setProperty("user", database.user());
    }
    if (database.password() != null) {
      properties.setProperty("password", database.password());
    }
    properties.setProperty("ApplicationName", "realtime-node");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "30"); // the driver's own default is to wait for ever
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  /**
   * Brings the schema up to date. Where the node's role may not, somebody else does: the node
   * starts, and is not ready before the tables are.
   *
   * @throws StartFailedException when PostgreSQL does not answer
   */
  static RealtimeSchema migrated(NodeSettings.Database database, HikariDataSource pool) {
    RealtimeSchema schema = RealtimeSchema.named(database.schema());
    try {
      schema.migrate(pool);
    } catch (RealtimeException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw new StartFailedException("the schema cannot be brought up to date", e);
      }
      log.warn("The schema was not migrated by this node: {}", e.getMessage());
    }
    return schema;
  }
}
