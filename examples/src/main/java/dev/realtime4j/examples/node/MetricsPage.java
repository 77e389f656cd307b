package dev.realtime4j.examples.node;

import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.metrics.RealtimeMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a node for Prometheus, on a port of their own: they ask for no token, so that port
 * is for the inner network.
 */
final class MetricsPage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsPage.class);
  private static final String PATH = "/metrics";

  private final HttpServer http;
  private final PrometheusMeterRegistry registry;

  private MetricsPage(HttpServer http, PrometheusMeterRegistry registry) {
    this.http = http;
    this.registry = registry;
  }

  /**
   * Serves them.
   *
   * @throws IOException when the port cannot be opened
   */
  static MetricsPage open(int port, RealtimeServer server) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 0);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RealtimeMetrics.of(server).bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean found = exchange.getRequestURI().getPath().equals(PATH);
            byte[] page =
                (found ? registry.scrape() : "see " + PATH + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(found ? 200 : 404, page.length);
            OutputStream body = exchange.getResponseBody();
            body.write(page);
          }
        });
    http.start();
    log.info("Figures for Prometheus on port {}, path {}", http.getAddress().getPort(), PATH);
    return new MetricsPage(http, registry);
  }

  @Override
  public void close() {
    http.stop(0);
    registry.close();
  }
}
