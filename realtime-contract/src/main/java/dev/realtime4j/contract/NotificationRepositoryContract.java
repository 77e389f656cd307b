package dev.realtime4j.contract;

import static dev.realtime4j.contract.ContractIds.next;
import static dev.realtime4j.contract.ContractIds.user;
import static dev.realtime4j.contract.NotificationSamples.all;
import static dev.realtime4j.contract.NotificationSamples.titled;

import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationChanges;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationQueries;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.api.notification.NotificationUserData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * The laws of {@link NotificationRepository}: those of its parts, each a contract that can be run
 * alone. Extend it with your store:
 *
 * <pre>{@code
 * class MyNotificationsTest extends NotificationRepositoryContract {
 *   protected NotificationRepository repository() { return mine; }
 * }
 * }</pre>
 *
 * <p>Every test uses users of its own, so that the store may be shared by all; its outbox and
 * idempotency keys are emptied by some. Tests of one class run one after the other. A store that
 * takes part in transactions of the application runs {@link TransactionalNotificationStoreContract}
 * beside it.
 */
public abstract class NotificationRepositoryContract {
  /** The store to test; may be the same for each test. */
  protected abstract NotificationRepository repository();

  /** Inserts and idempotency keys. */
  @Nested
  class Storing extends NotificationStoreContract {
    @Override
    protected NotificationStore store() {
      return repository();
    }

    @Override
    protected NotificationQueries queries() {
      return repository();
    }
  }

  /** What waits to be pushed. */
  @Nested
  class Outbox extends NotificationOutboxContract {
    @Override
    protected NotificationOutbox outbox() {
      return repository();
    }

    @Override
    protected NotificationStore store() {
      return repository();
    }
  }

  /** Lists and counts. */
  @Nested
  class Querying extends NotificationQueriesContract {
    @Override
    protected NotificationQueries queries() {
      return repository();
    }

    @Override
    protected NotificationStore store() {
      return repository();
    }

    @Override
    protected NotificationChanges changes() {
      return repository();
    }
  }

  /** Reading and deleting. */
  @Nested
  class Changing extends NotificationChangesContract {
    @Override
    protected NotificationChanges changes() {
      return repository();
    }

    @Override
    protected NotificationStore store() {
      return repository();
    }

    @Override
    protected NotificationQueries queries() {
      return repository();
    }

    @Override
    protected NotificationOutbox outbox() {
      return repository();
    }
  }

  /** What clients missed. */
  @Nested
  class CatchingUp extends NotificationCatchUpContract {
    @Override
    protected NotificationCatchUp catchUp() {
      return repository();
    }

    @Override
    protected NotificationStore store() {
      return repository();
    }

    @Override
    protected NotificationChanges changes() {
      return repository();
    }
  }

  /** Exporting and erasing. */
  @Nested
  class HandingOut extends NotificationUserDataContract {
    @Override
    protected NotificationUserData userData() {
      return repository();
    }

    @Override
    protected NotificationStore store() {
      return repository();
    }

    @Override
    protected NotificationQueries queries() {
      return repository();
    }

    @Override
    protected NotificationOutbox outbox() {
      return repository();
    }
  }

  /** What is wrong with it. */
  @Nested
  class Diagnosing extends StoreDiagnosticsContract {
    private final UserId user = user();

    @BeforeEach
    void store() {
      repository().insert(next(), titled(user, "kept"));
    }

    @Override
    protected StoreDiagnostics diagnostics() {
      return repository();
    }

    @Override
    protected Object content() {
      return all(repository(), user);
    }
  }

  /** Its upkeep. */
  @Nested
  class Maintaining extends StoreMaintenanceContract {
    private final UserId user = user();

    @BeforeEach
    void store() {
      repository().insert(next(), titled(user, "kept"));
    }

    @Override
    protected StoreMaintenance maintained() {
      return repository();
    }

    @Override
    protected Object content() {
      return all(repository(), user);
    }
  }
}
