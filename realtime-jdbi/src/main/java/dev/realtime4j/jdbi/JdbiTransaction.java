package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import java.util.Objects;
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
   * @param handle inside a transaction; never committed, rolled back or closed here. On a pool with
   *     auto-commit off JDBI assumes that the owner of every handle commits, so you must commit,
   *     unless its transaction handler is {@code LocalTransactionHandler.managed()}
   */
  public static JdbiTransaction of(Handle handle) {
    Objects.requireNonNull(handle, "handle");
    return new JdbiTransaction(handle);
  }

  /**
   * @throws IllegalStateException outside of a transaction, as in an {@code afterCommit} hook of
   *     the handle
   */
  @Override
  public Connection connection() {
    if (!handle.isInTransaction()) {
      throw new IllegalStateException(
          "the handle is in no transaction: none was begun, or it is over; send before the commit,"
              + " or without the transaction");
    }
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
