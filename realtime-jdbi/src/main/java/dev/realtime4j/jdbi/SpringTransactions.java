package dev.realtime4j.jdbi;

import java.lang.StackWalker.StackFrame;
import java.sql.Connection;
import java.util.Iterator;
import java.util.stream.Stream;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/** What Spring knows about a connection, where there is Spring. */
final class SpringTransactions {
  private static final boolean PRESENT =
      isPresent("org.springframework.jdbc.datasource.ConnectionHolder")
          && isPresent("org.springframework.transaction.support.TransactionSynchronizationManager");

  private SpringTransactions() {}

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, SpringTransactions.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Whether a connection is bound to the calling thread by Spring. */
  static boolean owns(Connection connection) {
    return PRESENT && Bound.owns(connection);
  }

  /** Whether a connection is of a transaction of Spring's that was committed or rolled back. */
  static boolean isOver(Connection connection) {
    return PRESENT && Bound.owns(connection) && Bound.isOver();
  }

  /** The only class that names Spring, so that the others load without it. */
  private static final class Bound {
    private static final StackWalker STACK =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Bound() {}

    static boolean owns(Connection connection) {
      Connection target = DataSourceUtils.getTargetConnection(connection);
      for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
        if (resource instanceof ConnectionHolder holder && holds(holder, target)) {
          return true;
        }
      }
      return false;
    }

    private static boolean holds(ConnectionHolder holder, Connection target) {
      try {
        return DataSourceUtils.getTargetConnection(holder.getConnection()) == target;
      } catch (IllegalStateException released) {
        return false;
      }
    }

    static boolean isOver() {
      if (!TransactionSynchronizationManager.isActualTransactionActive()) {
        return false;
      }
      // Spring takes the synchronizations away before it calls their afterCompletion.
      return !TransactionSynchronizationManager.isSynchronizationActive()
          || STACK.walk(Bound::isInAfterCommit);
    }

    /**
     * Spring keeps no sign of the moment between the commit and {@code afterCompletion}: everything
     * looks as before the commit, synchronizations are still taken, and are not called. So we look
     * who has called us: the {@code afterCommit} of a synchronization of this very transaction, and
     * not of one around it. Whose synchronization it is can be told by its class only, and both may
     * have one of it, as with listeners of events; then the method tells that has begun this one.
     */
    private static boolean isInAfterCommit(Stream<StackFrame> frames) {
      Class<?> callee = Bound.class;
      boolean isInMethod = false;
      for (Iterator<StackFrame> i = frames.iterator(); i.hasNext(); ) {
        StackFrame frame = i.next();
        if (frame.getDeclaringClass() == TransactionSynchronizationUtils.class
            && frame.getMethodName().equals("invokeAfterCommit")) {
          return isOfThisTransaction(callee) && !(isInMethod && isBegunByMethod());
        }
        isInMethod |= frame.getDeclaringClass() == TransactionAspectSupport.class;
        callee = frame.getDeclaringClass();
      }
      return false;
    }

    private static boolean isOfThisTransaction(Class<?> synchronization) {
      return TransactionSynchronizationManager.getSynchronizations().stream()
          .anyMatch(synchronization::isInstance);
    }

    /** Whether the innermost {@code @Transactional} method does not take part in one around it. */
    private static boolean isBegunByMethod() {
      try {
        return TransactionAspectSupport.currentTransactionStatus().isNewTransaction();
      } catch (NoTransactionException e) {
        return false;
      }
    }
  }
}
