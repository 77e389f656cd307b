package dev.realtime4j.node;

import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.metrics.RealtimeMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a node for Prometheus, on a port of their own: they ask for no token, so that port
 * is for the inner network.
 */
final class MetricsPage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsPage.class);
  private static final String PATH = "/metrics";

  private final HttpPort http;
  private final PrometheusMeterRegistry registry;

  private MetricsPage(HttpPort http, PrometheusMeterRegistry registry) {
    this.http = http;
    this.registry = registry;
  }

  /**
   * Serves them.
   *
   * @param address of this machine; null for every one
   * @throws IOException when the port cannot be opened
   */
  static MetricsPage open(@Nullable InetAddress address, int port, RealtimeServer server)
      throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RealtimeMetrics.of(server).bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    HttpPort http =
        HttpPort.open(
            HttpPort.Options.plain(address, port, "realtime-metrics"),
            new Handler.Abstract.NonBlocking() {
              @Override
              public boolean handle(Request request, Response response, Callback callback) {
                boolean found = PATH.equals(request.getHttpURI().getPath());
                response.setStatus(found ? 200 : 404);
                response.getHeaders().put("Content-Type", "text/plain; version=0.0.4");
                Content.Sink.write(
                    response, true, found ? registry.scrape() : "see " + PATH + "\n", callback);
                return true;
              }
            });
    log.info("Figures for Prometheus on port {}, path {}", http.number(), PATH);
    return new MetricsPage(http, registry);
  }

  @Override
  public void close() {
    http.close();
    registry.close();
  }
}
