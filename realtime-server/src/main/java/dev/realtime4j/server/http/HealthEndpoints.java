package dev.realtime4j.server.http;

import static dev.realtime4j.server.http.Route.Access.PUBLIC;

import dev.realtime4j.api.Json;
import dev.realtime4j.protocol.WireTime;
import dev.realtime4j.server.Health;
import dev.realtime4j.server.HealthReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the node is. A part that is unavailable does not take the node out of service: its sockets
 * stay, and moving them to another node that misses the same part helps nobody. A node that cannot
 * serve before somebody mends something is not ready, but lives: a restart would not mend it.
 */
final class HealthEndpoints {
  private final Health health;

  HealthEndpoints(Health health) {
    this.health = health;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health/live", PUBLIC, Route.UNLIMITED, this::live),
        new Route("GET", "/health/ready", PUBLIC, Route.UNLIMITED, this::ready));
  }

  private HttpResponse live(Call call) {
    HealthReport report = health.health();
    return switch (report.status()) {
      case UP, DEGRADED, NOT_READY -> answer(200, report);
      case STARTING, DRAINING -> answer(503, report);
    };
  }

  private HttpResponse ready(Call call) {
    HealthReport report = health.health();
    return switch (report.status()) {
      case UP, DEGRADED -> answer(200, report);
      case STARTING, DRAINING, NOT_READY -> answer(503, report);
    };
  }

  private static HttpResponse answer(int status, HealthReport report) {
    Map<String, String> parts = new LinkedHashMap<>();
    report.components().forEach((name, part) -> parts.put(name, lower(part)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", lower(report.status()));
    body.put("parts", parts);
    if (!report.problems().isEmpty()) {
      body.put("problems", report.problems().stream().map(HealthEndpoints::json).toList());
    }
    return HttpResponse.json(status, Json.of(body));
  }

  private static Json json(HealthReport.Problem problem) {
    return Json.object(
        "name", problem.name(),
        "since", WireTime.format(problem.since()),
        "message", problem.message());
  }

  private static String lower(Enum<?> status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
