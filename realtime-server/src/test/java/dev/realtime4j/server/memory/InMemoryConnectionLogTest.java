package dev.realtime4j.server.memory;

import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.contract.ConnectionLogContract;

class InMemoryConnectionLogTest extends ConnectionLogContract {
  private final InMemoryConnectionLog log = InMemoryConnectionLog.create();

  @Override
  protected ConnectionLog log() {
    return log;
  }
}
