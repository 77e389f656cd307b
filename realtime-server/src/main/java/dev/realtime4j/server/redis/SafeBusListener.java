package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.BusListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a node's listener, whose exceptions harm nobody else. Thread safety: any thread. */
final class SafeBusListener {
  private static final Logger log = LoggerFactory.getLogger(SafeBusListener.class);

  private final BusListener listener;

  SafeBusListener(BusListener listener) {
    this.listener = listener;
  }

  void message(String channel, byte[] message) {
    try {
      listener.onMessage(channel, message);
    } catch (RuntimeException e) {
      log.warn("A bus listener failed on channel {}", channel, e);
    }
  }

  void gap() {
    try {
      listener.onGap();
    } catch (RuntimeException e) {
      log.warn("A bus listener failed on a gap", e);
    }
  }

  void disconnected() {
    try {
      listener.onDisconnected();
    } catch (RuntimeException e) {
      log.warn("A bus listener failed on a lost connection", e);
    }
  }
}
