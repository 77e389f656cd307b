package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.server.internal.session.fanout.Lanes;

/** The lanes of a transport. */
record TransportLanes(Transport transport) implements Lanes {
  @Override
  public int count() {
    return transport.lanes();
  }

  @Override
  public void afterWrites(int lane, Runnable task) {
    transport.afterWrites(lane, task);
  }
}
