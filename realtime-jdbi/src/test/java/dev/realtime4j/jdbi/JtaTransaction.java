package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.Transaction;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;

// What docs/notifications.md shows between its imports and its end; a test compares the two.
// docs:begin
/** The JTA transaction of the calling thread, on a connection of a pool that takes part in it. */
record JtaTransaction(TransactionSynchronizationRegistry registry, Connection connection)
    implements Transaction {
  JtaTransaction {
    if (registry.getTransactionStatus() != Status.STATUS_ACTIVE) {
      throw new IllegalStateException("no JTA transaction is active here");
    }
  }

  @Override
  public CommitHook afterCommit(Runnable action) {
    registry.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              action.run();
            }
          }
        });
    return CommitHook.REGISTERED;
  }
}
// docs:end
