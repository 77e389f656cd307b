package dev.realtime4j.server;

import dev.realtime4j.api.notification.OutboxBacklog;
import dev.realtime4j.server.HealthReport.ComponentStatus;
import dev.realtime4j.server.internal.connectionlog.ConnectionLogFeature;
import dev.realtime4j.server.internal.node.NodeHealth;
import dev.realtime4j.server.internal.node.NodeStatistics;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the engine tells of itself, as the application reads it. */
final class Reports {
  private Reports() {}

  /** A node that serves. */
  static HealthReport health(NodeHealth node) {
    return switch (node.readiness()) {
      case STARTING -> health(HealthReport.Status.STARTING, node);
      case NOT_READY -> health(HealthReport.Status.NOT_READY, node);
      case READY -> HealthReport.serving(parts(node), problems(node));
    };
  }

  /** A node that does not. */
  static HealthReport health(HealthReport.Status status, NodeHealth node) {
    return new HealthReport(status, parts(node), problems(node));
  }

  private static Map<String, ComponentStatus> parts(NodeHealth node) {
    Map<String, ComponentStatus> parts = new HashMap<>();
    node.components()
        .forEach((name, up) -> parts.put(name, up ? ComponentStatus.UP : ComponentStatus.DOWN));
    return parts;
  }

  private static List<HealthReport.Problem> problems(NodeHealth node) {
    return node.problems().stream()
        .map(it -> new HealthReport.Problem(it.name(), it.since(), it.message()))
        .toList();
  }

  static ServerStats stats(NodeStatistics node) {
    Map<String, Long> features = node.features();
    return new ServerStats(
        node.sockets().open(),
        node.sockets().halfOpen(),
        node.sockets().turnedAway(),
        features.getOrDefault(NotificationFeature.ACKNOWLEDGED, 0L),
        features.getOrDefault(NotificationFeature.RELAYED, 0L),
        new OutboxBacklog(
            features.getOrDefault(NotificationFeature.OUTBOX_WAITING, 0L).intValue(),
            Duration.ofNanos(features.getOrDefault(NotificationFeature.OUTBOX_OLDEST, 0L))),
        node.upkeep().partitionsAhead(),
        features.getOrDefault(ConnectionLogFeature.DROPPED, 0L),
        node.methodFailures(),
        node.problems(),
        node.upkeep().failing());
  }
}
