package dev.realtime4j.server.metrics;

import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.ServerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of one node. */
final class NodeMeters implements MeterBinder {
  private final RealtimeServer server;

  private NodeMeters(RealtimeServer server) {
    this.server = server;
  }

  static MeterBinder of(RealtimeServer server) {
    return new NodeMeters(server);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "realtime.sockets", "open sockets", ServerStats::sockets);
    gauge(
        registry,
        "realtime.sockets.half.open",
        "sockets that are accepted, and neither open nor closed yet",
        ServerStats::halfOpenSockets);
    counter(
        registry,
        "realtime.sockets.turned.away",
        "sockets closed or refused, undecided, because there were too many",
        ServerStats::socketsTurnedAway);
    counter(
        registry,
        "realtime.notifications.acknowledged",
        "notifications that clients said they have",
        ServerStats::notificationsAcknowledged);
    counter(
        registry,
        "realtime.notifications.relayed",
        "notifications pushed by the relay, because whoever committed them did not",
        ServerStats::notificationsRelayed);
    gauge(
        registry,
        "realtime.outbox.waiting",
        "notifications committed and not yet known to be pushed, over the cluster",
        stats -> stats.outboxBacklog().waiting());
    TimeGauge.builder(
            "realtime.outbox.lag",
            server,
            TimeUnit.MILLISECONDS,
            node -> node.stats().outboxBacklog().oldest().toMillis())
        .description("how long the oldest of them has waited")
        .tag("node", server.id().value())
        .register(registry);
    gauge(
        registry,
        "realtime.partitions.months.ahead",
        "months for which the stores have partitions; look at zero",
        stats ->
            stats.partitionsAhead().isPresent() ? stats.partitionsAhead().getAsInt() : Double.NaN);
    counter(
        registry,
        "realtime.connection.log.dropped",
        "entries of the connection log that were dropped",
        ServerStats::connectionLogDropped);
    counter(
        registry,
        "realtime.method.failures",
        "calls of clients that failed inside the server",
        ServerStats::methodFailures);
    gauge(
        registry,
        "realtime.problems",
        "what is wrong and waits for somebody; the health says what",
        ServerStats::problems);
    server.stats().maintenanceFailing().keySet().forEach(step -> failing(registry, step));
  }

  private void failing(MeterRegistry registry, String step) {
    TimeGauge.builder(
            "realtime.maintenance.failing",
            server,
            TimeUnit.MILLISECONDS,
            node -> node.stats().maintenanceFailing().getOrDefault(step, Duration.ZERO).toMillis())
        .description("for how long a step of the maintenance has failed; 0 when it does not")
        .tag("node", server.id().value())
        .tag("step", step)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ServerStats> figure) {
    Gauge.builder(name, server, node -> figure.applyAsDouble(node.stats()))
        .description(description)
        .tag("node", server.id().value())
        .register(registry);
  }

  private void counter(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ServerStats> figure) {
    FunctionCounter.builder(name, server, node -> figure.applyAsDouble(node.stats()))
        .description(description)
        .tag("node", server.id().value())
        .register(registry);
  }
}
