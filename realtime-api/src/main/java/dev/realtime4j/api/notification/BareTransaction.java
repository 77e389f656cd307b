package dev.realtime4j.api.notification;

import java.sql.Connection;

/** A connection that nobody else knows about. */
record BareTransaction(Connection connection) implements Transaction {
  @Override
  public CommitHook afterCommit(Runnable action) {
    return CommitHook.NONE;
  }
}
