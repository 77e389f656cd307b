package dev.realtime4j.api.notification;

import java.sql.Connection;
import java.util.Objects;

/**
 * A transaction of the application that a notification takes part in: where to write, and how to
 * learn of the commit. {@code JdbiTransaction.of(handle)} is the one for JDBI; for Spring,
 * implement the two methods with {@code DataSourceUtils.getConnection} and {@code
 * TransactionSynchronizationManager}.
 *
 * <p>Thread safety: used by the calling thread only, while the call lasts.
 */
public interface Transaction {
  /**
   * The open connection of the transaction; never committed, rolled back or closed here.
   *
   * @throws IllegalStateException when no transaction is open here, or it is over
   */
  Connection connection();

  /**
   * Runs something after the commit, and never after a rollback. Called before anything is written.
   * A transaction that is over must refuse it, rather than return {@code REGISTERED} and never run
   * it.
   *
   * @param action cheap; does not throw
   * @return whether the transaction will run it
   * @throws IllegalStateException when the transaction is over
   */
  CommitHook afterCommit(Runnable action);

  /** Whether a transaction reports its commit. */
  enum CommitHook {
    /** The action will run after the commit. */
    REGISTERED,
    /**
     * It will not run; the application calls {@link PendingPush#flush()}, or the relay finds the
     * row.
     */
    NONE
  }

  /**
   * The transaction of a JDBC connection, which does not report its commit.
   *
   * @param connection with auto-commit off; belongs to the application
   */
  static Transaction of(Connection connection) {
    Objects.requireNonNull(connection, "connection");
    return new BareTransaction(connection);
  }
}
