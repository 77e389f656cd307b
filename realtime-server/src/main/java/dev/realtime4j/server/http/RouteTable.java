package dev.realtime4j.server.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All the calls of the API, by path. A path belongs to one pattern only: of several that fit it is
 * the one without variables, so that {@code DELETE /notifications/read} is a wrong method and not
 * an id.
 */
final class RouteTable {
  private final Map<String, List<Route>> literal = new LinkedHashMap<>();
  private final Map<String, List<Route>> variable = new LinkedHashMap<>();

  RouteTable(Collection<Route> routes) {
    for (Route route : routes) {
      (route.pattern().indexOf('{') < 0 ? literal : variable)
          .computeIfAbsent(route.pattern(), pattern -> new ArrayList<>())
          .add(route);
    }
  }

  /**
   * The routes of a path.
   *
   * @param routes one for each method
   * @param variables of the path
   */
  record Match(List<Route> routes, Map<String, String> variables) {
    /** The route for a method; {@code HEAD} asks what {@code GET} would answer. */
    @Nullable Route of(String method) {
      String wanted = method.equals("HEAD") ? "GET" : method;
      return routes.stream()
          .filter(route -> route.method().equals(wanted))
          .findFirst()
          .orElse(null);
    }

    String allow() {
      TreeSet<String> methods = new TreeSet<>();
      routes.forEach(route -> methods.add(route.method()));
      if (methods.contains("GET")) {
        methods.add("HEAD");
      }
      return String.join(", ", methods);
    }
  }

  Optional<Match> find(String path) {
    List<Route> exact = literal.get(path);
    if (exact != null) {
      return Optional.of(new Match(exact, Map.of()));
    }
    for (List<Route> routes : variable.values()) {
      Map<String, String> variables = routes.get(0).match(path);
      if (variables != null) {
        return Optional.of(new Match(routes, variables));
      }
    }
    return Optional.empty();
  }
}
