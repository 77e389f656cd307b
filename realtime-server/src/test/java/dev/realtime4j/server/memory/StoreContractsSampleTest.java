package dev.realtime4j.server.memory;

import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationOutbox;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.notification.NotificationStore;
import dev.realtime4j.contract.ConnectionLogContract;
import dev.realtime4j.contract.NotificationOutboxContract;
import dev.realtime4j.contract.NotificationRepositoryContract;
import org.junit.jupiter.api.Nested;

/** What the page about implementing a store shows. */
final class StoreContractsSampleTest {
  private final InMemoryNotificationRepository mine = InMemoryNotificationRepository.create();
  private final InMemoryConnectionLog myLog = InMemoryConnectionLog.create();

  // docs:begin
  @Nested
  class MyNotifications extends NotificationRepositoryContract {
    @Override
    protected NotificationRepository repository() {
      return mine; // may be the same for each test: every test uses users of its own
    }
  }

  @Nested
  class MyOutboxAlone extends NotificationOutboxContract {
    @Override
    protected NotificationOutbox outbox() {
      return mine; // the part to test
    }

    @Override
    protected NotificationStore store() {
      return mine; // what fills it
    }
  }

  @Nested
  class MyConnections extends ConnectionLogContract {
    @Override
    protected ConnectionLog log() {
      return myLog;
    }
  }
  // docs:end
}
