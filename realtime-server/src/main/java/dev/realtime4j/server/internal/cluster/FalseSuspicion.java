package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.ServerId;
import java.util.List;
import java.util.Map;

/**
 * Tells a node that it was taken for dead: another node removed what it had written, perhaps after
 * it had come back and written it again.
 *
 * <p>Thread safety: any thread.
 */
final class FalseSuspicion {
  private static final String WRITE_AGAIN = "node.write_again";

  private final ServerId self;
  private final Commands commands;
  private final List<MembershipListener> listeners;

  /**
   * @param listeners write again
   */
  FalseSuspicion(ServerId self, Commands commands, List<MembershipListener> listeners) {
    this.self = self;
    this.commands = commands;
    this.listeners = listeners;
    commands.on(WRITE_AGAIN, this::told);
  }

  /** Tells another node. */
  void tell(ServerId suspected) {
    commands.send(WRITE_AGAIN, Json.object("server_id", suspected));
  }

  private void told(Map<String, Json> params) {
    if (self.value().equals(params.getOrDefault("server_id", Json.NULL).asString())) {
      listeners.forEach(MembershipListener::onFalseSuspicion);
    }
  }
}
