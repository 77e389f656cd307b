package dev.realtime4j.jdbi;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.transaction.TransactionIntegration;
import java.beans.PropertyVetoException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.postgresql.Driver;

/** The pools that applications have, of two connections each. */
enum Pools {
  HIKARI {
    @Override
    Pool open(String url, boolean autoCommit, String init) {
      HikariDataSource pool = new HikariDataSource();
      pool.setJdbcUrl(url);
      pool.setUsername(USER);
      pool.setAutoCommit(autoCommit);
      pool.setMaximumPoolSize(SIZE);
      pool.setConnectionInitSql(init);
      return new Pool(pool, pool::close);
    }
  },
  AGROAL {
    @Override
    Pool open(String url, boolean autoCommit, String init) {
      AgroalDataSource pool = agroal(url, autoCommit, TransactionIntegration.none(), init);
      return new Pool(pool, pool::close);
    }
  },
  DBCP2 {
    @Override
    Pool open(String url, boolean autoCommit, String init) {
      BasicDataSource pool = new BasicDataSource();
      pool.setUrl(url);
      pool.setUsername(USER);
      pool.setDefaultAutoCommit(autoCommit);
      pool.setMaxTotal(SIZE);
      pool.setConnectionInitSqls(List.of(init));
      return new Pool(pool, () -> close(pool));
    }
  },
  TOMCAT {
    @Override
    Pool open(String url, boolean autoCommit, String init) {
      var pool = new org.apache.tomcat.jdbc.pool.DataSource();
      pool.setUrl(url);
      pool.setUsername(USER);
      pool.setDriverClassName(Driver.class.getName());
      pool.setDefaultAutoCommit(autoCommit);
      pool.setMaxActive(SIZE);
      pool.setInitialSize(0);
      pool.setMinIdle(0);
      pool.setMaxIdle(SIZE);
      pool.setInitSQL(init);
      return new Pool(pool, pool::close);
    }
  },
  C3P0 {
    @Override
    Pool open(String url, boolean autoCommit, String init) {
      ComboPooledDataSource pool = new ComboPooledDataSource();
      try {
        pool.setDriverClass(Driver.class.getName());
      } catch (PropertyVetoException e) {
        throw new IllegalStateException(e);
      }
      pool.setJdbcUrl(url + "&options=-c%20lock_timeout=3s");
      pool.setUser(USER);
      pool.setMinPoolSize(1);
      pool.setInitialPoolSize(1);
      pool.setMaxPoolSize(SIZE);
      // It has no default for auto-commit: one that is off comes from the driver's properties only.
      return new Pool(pool, pool::close);
    }
  };

  static final String USER = "postgres";
  private static final int SIZE = 2;

  /** An open pool. */
  record Pool(DataSource dataSource, Runnable closer) implements AutoCloseable {
    @Override
    public void close() {
      closer.run();
    }
  }

  /**
   * @param init a statement that the pool runs on each new connection
   */
  abstract Pool open(String url, boolean autoCommit, String init);

  private static void close(BasicDataSource pool) {
    try {
      pool.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static AgroalDataSource agroal(
      String url, boolean autoCommit, TransactionIntegration integration) {
    return agroal(url, autoCommit, integration, "");
  }

  static AgroalDataSource agroal(
      String url, boolean autoCommit, TransactionIntegration integration, String init) {
    try {
      return AgroalDataSource.from(
          new AgroalDataSourceConfigurationSupplier()
              .connectionPoolConfiguration(
                  pool ->
                      pool.maxSize(SIZE)
                          .acquisitionTimeout(Duration.ofSeconds(10))
                          .transactionIntegration(integration)
                          .connectionFactoryConfiguration(
                              factory ->
                                  factory
                                      .jdbcUrl(url)
                                      .autoCommit(autoCommit)
                                      .initialSql(init)
                                      .principal(new NamePrincipal(USER)))));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
