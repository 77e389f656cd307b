package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.PUBLIC;

import dev.realtime4j.api.Json;
import dev.realtime4j.server.Health;
import dev.realtime4j.server.HealthReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the node is. A part that is away does not take the node out of service: its sockets stay, and
 * moving them to another node that misses the same part helps nobody.
 */
final class HealthEndpoints {
  private final Health health;

  HealthEndpoints(Health health) {
    this.health = health;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health/live", PUBLIC, Route.UNLIMITED, this::report),
        new Route("GET", "/health/ready", PUBLIC, Route.UNLIMITED, this::report));
  }

  private HttpResponse report(Call call) {
    HealthReport report = health.report();
    Map<String, String> parts = new LinkedHashMap<>();
    report.parts().forEach((name, status) -> parts.put(name, lower(status)));
    int status =
        switch (report.status()) {
          case UP, DEGRADED -> 200;
          case STARTING, DRAINING -> 503;
        };
    return HttpResponse.json(status, Json.object("status", lower(report.status()), "parts", parts));
  }

  private static String lower(Enum<?> status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
