package dev.realtime4j.jdbi;

import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

// What docs/notifications.md shows between its imports and its end; a test compares the two.
// docs:begin
/** The Spring transaction of the calling thread, on the data source of its transaction manager. */
record SpringTransaction(DataSource dataSource) implements Transaction {
  @Override
  public Connection connection() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.hasResource(dataSource)) {
      throw new IllegalStateException("no Spring transaction of this data source is active here");
    }
    return DataSourceUtils.getConnection(dataSource);
  }

  @Override
  public CommitHook afterCommit(Runnable action) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      throw new IllegalStateException("no Spring transaction is active here, or it is over");
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
    return CommitHook.REGISTERED;
  }
}
// docs:end
