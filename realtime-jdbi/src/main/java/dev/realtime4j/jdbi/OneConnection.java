package dev.realtime4j.jdbi;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that hands out one connection in one transaction, as often as it is asked. Who uses
 * it may begin, end and close what they like: all of it is one transaction, which its owner ends.
 * So Flyway needs no further connections of the pool, and its settings of the session come and go
 * on the same server behind a pooler.
 *
 * <p>Thread safety: none, as for a connection.
 */
final class OneConnection implements DataSource {
  private final Connection connection;

  /**
   * @param connection in a transaction
   */
  OneConnection(Connection connection) {
    this.connection = connection;
  }

  @Override
  public Connection getConnection() {
    return (Connection)
        Proxy.newProxyInstance(
            OneConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Handout(connection));
  }

  @Override
  public Connection getConnection(String user, String password) {
    return getConnection();
  }

  /** One of the connections that are all the same one. */
  private static final class Handout implements InvocationHandler {
    private final Connection connection;
    private boolean autoCommit = true;
    private boolean closed;

    Handout(Connection connection) {
      this.connection = connection;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> closed = true;
        case "isClosed" -> {
          return closed || connection.isClosed();
        }
        case "getAutoCommit" -> {
          return autoCommit;
        }
        case "setAutoCommit" -> autoCommit = arguments != null && (boolean) arguments[0];
        case "commit" -> {}
        case "rollback" -> {
          if (arguments != null) {
            return delegate(method, arguments); // To a savepoint.
          }
        }
        default -> {
          return delegate(method, arguments);
        }
      }
      return null;
    }

    private @Nullable Object delegate(Method method, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("it wraps no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
