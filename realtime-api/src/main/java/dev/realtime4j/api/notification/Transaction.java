package dev.realtime4j.api.notification;

import java.sql.Connection;
import java.util.Objects;

/**
 * A transaction of the host that a notification is to be part of: where to write, and how to hear
 * of the commit. {@code JdbiTransaction.of(handle)} is the one for JDBI; for Spring, implement the
 * two methods with {@code DataSourceUtils.getConnection} and {@code
 * TransactionSynchronizationManager}.
 *
 * <p>Thread safety: used by the calling thread only, while the call lasts.
 */
public interface Transaction {
  /**
   * The open connection of the transaction; never committed, rolled back or closed here.
   *
   * @throws IllegalStateException when no transaction is open here, or the one that was is over
   */
  Connection connection();

  /**
   * Runs something after the commit, and never after a rollback. Called before anything is written:
   * a transaction that is over refuses it, rather than answer {@code REGISTERED} and forget it.
   *
   * @param action cheap; does not throw
   * @return whether the transaction will do that
   * @throws IllegalStateException when the transaction is over
   */
  CommitHook afterCommit(Runnable action);

  /** Whether a transaction tells of its commit. */
  enum CommitHook {
    /** The action will run after the commit. */
    REGISTERED,
    /** Nobody will tell; the host calls {@link PendingPush#flush()}, or the relay finds the row. */
    NONE
  }

  /**
   * The transaction of a bare connection: it cannot tell of its commit.
   *
   * @param connection with auto-commit off; stays the host's
   */
  static Transaction of(Connection connection) {
    Objects.requireNonNull(connection, "connection");
    return new BareTransaction(connection);
  }
}
