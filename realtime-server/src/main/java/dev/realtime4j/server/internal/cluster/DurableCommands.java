package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands about users that are sent again until the bus has taken them. Of several commands of one
 * name about one user the newest is kept.
 *
 * <p>Thread safety: any thread.
 */
public final class DurableCommands {
  private static final Logger log = LoggerFactory.getLogger(DurableCommands.class);
  private static final String LATE = "late";

  private record Subject(String command, UserId user) {}

  private final Commands commands;
  private final Runnable onLost;
  private final Map<Subject, Json> lost = new ConcurrentHashMap<>();

  /**
   * @param commands of this node
   * @param onLost a command has to be sent again; returns at once, on any thread
   */
  public DurableCommands(Commands commands, Runnable onLost) {
    this.commands = commands;
    this.onLost = onLost;
  }

  /** Whether the command was sent again, and lies back for a while. */
  public static boolean isLate(Map<String, Json> params) {
    return params.containsKey(LATE);
  }

  /** Tells all nodes: those that cannot be told now are told when they can be. */
  public void send(String command, UserId user, Json params) {
    Subject subject = new Subject(command, user);
    lost.remove(subject);
    hand(subject, params);
  }

  /**
   * Has the command sent once more by {@link #sendAgain}, whatever becomes of it now: it could not
   * be stored yet, so a node that does not hear it does not find it either.
   */
  public void repeat(String command, UserId user, Json params) {
    lost.put(new Subject(command, user), params);
  }

  /** Sends what the bus did not take, and what was to be repeated. */
  public void sendAgain() {
    for (Map.Entry<Subject, Json> one : Map.copyOf(lost).entrySet()) {
      if (lost.remove(one.getKey(), one.getValue())) {
        hand(one.getKey(), late(one.getValue()));
      }
    }
  }

  private void hand(Subject subject, Json params) {
    try {
      commands
          .send(subject.command, params)
          .thenAccept(
              handover -> {
                if (handover == PublishResult.LOST) {
                  lost(subject, params);
                }
              });
    } catch (RealtimeException busIsFull) {
      lost(subject, params);
    }
  }

  private void lost(Subject subject, Json params) {
    if (lost.isEmpty()) {
      log.warn(
          "Other nodes cannot be told of a {} now; they are told when the bus is back",
          subject.command);
    }
    lost.putIfAbsent(subject, params); // What was sent meanwhile is newer.
    onLost.run();
  }

  private static Json late(Json params) {
    Map<String, Json> fields = new LinkedHashMap<>(params.fields());
    fields.put(LATE, Json.parse("true"));
    return Json.of(fields);
  }
}
