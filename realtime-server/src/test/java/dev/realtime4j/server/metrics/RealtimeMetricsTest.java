package dev.realtime4j.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.ServerStats;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RealtimeMetricsTest {
  @Test
  void every_figure_of_a_node_is_a_meter_that_carries_its_name() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .serverId(new ServerId("node-7"))
            .authenticator(handshake -> Principal.of(new UserId(UUID.randomUUID())))
            .build()
            .start()) {
      RealtimeMetrics.of(server).bindTo(registry);

      // The backlog is one figure with two meters, the maintenance has one for each step.
      int steps = server.stats().maintenanceFailing().size();
      assertThat(steps).isEqualTo(3);
      assertThat(registry.getMeters())
          .hasSize(ServerStats.class.getRecordComponents().length + 1 - 1 + steps)
          .allSatisfy(meter -> assertThat(meter.getId().getTag("node")).isEqualTo("node-7"))
          .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
      assertThat(registry.getMeters())
          .extracting(Meter::getId)
          .extracting(Meter.Id::getName)
          .contains("realtime.outbox.lag", "realtime.outbox.waiting", "realtime.sockets");
      assertThat(
              registry
                  .get("realtime.maintenance.failing")
                  .tag("step", "maintenance.notifications.idempotency_keys")
                  .timeGauge()
                  .value(TimeUnit.SECONDS))
          .isZero();
      assertThat(registry.get("realtime.sockets").gauge().value()).isZero();
      assertThat(registry.get("realtime.notifications.relayed").functionCounter().count()).isZero();
    }
  }
}
