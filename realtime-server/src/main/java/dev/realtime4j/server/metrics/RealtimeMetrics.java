package dev.realtime4j.server.metrics;

import dev.realtime4j.api.internal.Library;
import dev.realtime4j.server.RealtimeServer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;

/**
 * Exposes the figures of a node to Micrometer, and so to Prometheus, Datadog and others.
 *
 * <pre>{@code
 * RealtimeMetrics.of(server).bindTo(registry);
 * }</pre>
 *
 * <p>Needs {@code io.micrometer:micrometer-core}. Each meter carries the tag {@code node}. Reading
 * one calls {@link RealtimeServer#stats()}, which is cheap and does not block.
 *
 * <p>Thread safety: any thread. Lifecycle: the meters hold the server; remove them from a registry
 * that outlives it.
 */
public final class RealtimeMetrics {
  private static final Library MICROMETER =
      Library.ofModule(
          "Micrometer",
          "io.micrometer.core.instrument.binder.MeterBinder",
          "io.micrometer:micrometer-core",
          "micrometer.core");

  private RealtimeMetrics() {}

  /**
   * The meters of this node, to be bound to any number of registries.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code INTERNAL} when Micrometer is missing
   */
  @SuppressWarnings("exports") // whoever calls it has Micrometer; nobody else should have to
  public static MeterBinder of(RealtimeServer server) {
    Objects.requireNonNull(server, "server");
    MICROMETER.requireFor("RealtimeMetrics", RealtimeMetrics.class);
    return NodeMeters.of(server);
  }
}
