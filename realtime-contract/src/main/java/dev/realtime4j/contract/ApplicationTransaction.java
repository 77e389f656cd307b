package dev.realtime4j.contract;

import dev.realtime4j.api.notification.Transaction;

/**
 * An open transaction of the application, which a law writes into and ends.
 *
 * <p>Thread safety: used by the thread of the test only.
 */
public interface ApplicationTransaction {
  /** What the store is given; the same transaction each time. */
  Transaction transaction();

  /**
   * Makes what was written in it seen.
   *
   * @throws Exception when it cannot, which fails the test
   */
  void commit() throws Exception;

  /**
   * Drops what was written in it.
   *
   * @throws Exception when it cannot, which fails the test
   */
  void rollback() throws Exception;

  /**
   * Called after each test: rolls back what is still open, and gives back what it took.
   *
   * @throws Exception when it cannot, which fails the test
   */
  void close() throws Exception;
}
