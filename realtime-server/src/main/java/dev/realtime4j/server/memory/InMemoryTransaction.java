package dev.realtime4j.server.memory;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.Transaction;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A test double of a transaction, without a database: a service that sends within its transactions
 * is tested with it on {@link InMemoryNotificationRepository}, which a server has by default.
 *
 * <pre>{@code
 * try (InMemoryTransaction transaction = InMemoryTransaction.begin()) {
 *   orders.ship(transaction, order); // calls notifications.send(transaction, …)
 *   transaction.commit(); // from here on it is listed, and it is pushed
 * }
 * }</pre>
 *
 * <p>What was sent within it is seen by nobody before the commit, and is gone after a rollback. An
 * idempotency key that it used is free again after a rollback. Until it ends, whoever uses the same
 * key elsewhere gets an {@link dev.realtime4j.api.notification.IdempotencyKeyHeldException} at once
 * where PostgreSQL would let them wait; {@code sendAsync} waits, as with PostgreSQL.
 *
 * <p>Thread safety: for one thread at a time, as a connection is. Lifecycle: ends with {@link
 * #commit}, {@link #rollback} or {@link #close}, whichever comes first.
 */
public final class InMemoryTransaction implements Transaction, AutoCloseable {
  private static final String OVER =
      "the transaction is over; send before the commit, or without the transaction";

  private final Map<InMemoryNotificationRepository, InMemoryWrites> writes = new LinkedHashMap<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private boolean isOver;

  private InMemoryTransaction() {}

  /** A new one, open. */
  public static InMemoryTransaction begin() {
    return new InMemoryTransaction();
  }

  /**
   * What it wrote into a store.
   *
   * @throws RealtimeException {@code BAD_REQUEST} when it is over
   */
  InMemoryWrites in(InMemoryNotificationRepository store) {
    if (isOver) {
      throw RealtimeException.badRequest("could not send: " + OVER);
    }
    return writes.computeIfAbsent(store, InMemoryNotificationRepository::begin);
  }

  /**
   * There is none: nothing but notifications in memory can be part of it.
   *
   * @throws IllegalStateException always
   */
  @Override
  public Connection connection() {
    throw new IllegalStateException(
        "a transaction in memory has no connection; use it with InMemoryNotificationRepository,"
            + " and JdbiTransaction or Transaction.of(connection) with a database");
  }

  /**
   * {@inheritDoc}
   *
   * @return always {@link CommitHook#REGISTERED}
   */
  @Override
  public CommitHook afterCommit(Runnable action) {
    requireOpen();
    afterCommit.add(action);
    return CommitHook.REGISTERED;
  }

  /**
   * Makes what was written in it seen, then runs what was to be run after the commit, in order, on
   * this thread.
   *
   * @throws IllegalStateException when it is over
   */
  public void commit() {
    requireOpen();
    isOver = true;
    writes.forEach(InMemoryNotificationRepository::commit);
    afterCommit.forEach(Runnable::run);
  }

  /**
   * Drops what was written in it; nothing is run.
   *
   * @throws IllegalStateException when it is over
   */
  public void rollback() {
    requireOpen();
    close();
  }

  /** Rolls back what was not committed; does nothing when it is over. */
  @Override
  public void close() {
    if (!isOver) {
      isOver = true;
      writes.forEach(InMemoryNotificationRepository::rollback);
    }
  }

  private void requireOpen() {
    if (isOver) {
      throw new IllegalStateException(OVER);
    }
  }
}
