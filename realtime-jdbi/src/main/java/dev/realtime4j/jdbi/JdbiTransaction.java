package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import org.jdbi.v3.core.Handle;

/**
 * The transaction of a JDBI handle: a notification that is sent with it is stored and pushed when
 * the handle's transaction commits.
 *
 * <pre>{@code
 * jdbi.useTransaction(handle -> {
 *   orders.ship(handle, order);
 *   notifications.send(JdbiTransaction.of(handle), shipped(order));
 * });
 * }</pre>
 *
 * <p>Thread safety: used by the calling thread only, while the call lasts.
 */
public final class JdbiTransaction implements Transaction {
  private final Handle handle;

  private JdbiTransaction(Handle handle) {
    this.handle = handle;
  }

  /**
   * @param handle inside a transaction; never committed, rolled back or closed here
   */
  public static JdbiTransaction of(Handle handle) {
    return new JdbiTransaction(handle);
  }

  @Override
  public Connection connection() {
    return handle.getConnection();
  }

  @Override
  public CommitHook afterCommit(Runnable action) {
    if (!handle.isInTransaction()) {
      return CommitHook.NONE;
    }
    handle.afterCommit(action);
    return CommitHook.REGISTERED;
  }
}
