package dev.realtime4j.node;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Variables that nobody wrote: Kubernetes tells each container of every Service in its namespace
 * (service links), Docker of every container that it is linked to. A Service called {@code
 * realtime} or {@code realtime-ws} has them begin as our settings do; one of them is even called as
 * a setting is. They are known by name and value together, so a misspelt setting is not taken for
 * one.
 */
final class PlatformVariables {
  private static final String ADDRESS = "[0-9a-fA-F:.]{2,45}(%\\w+)?";
  private static final String PORT = "\\d{1,5}";
  private static final String PLACE = "(tcp|udp|sctp)://(\\[" + ADDRESS + "]|[\\w.-]+):" + PORT;
  private static final int MOST_NAMED = 10;

  /**
   * What stands behind the name of a Service or link, and what the value then looks like.
   *
   * @param name the whole variable; its first group is the name of the Service or link
   * @param value the whole value
   */
  private record Shape(Pattern name, Pattern value) {
    static Shape of(String suffix, String value) {
      return new Shape(
          Pattern.compile("(REALTIME(?:_[A-Z0-9_]+)?)" + suffix),
          Pattern.compile(value, Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }

    @Nullable String owner(String variable, String content) {
      Matcher matcher = name.matcher(variable);
      return matcher.matches() && value.matcher(content).matches() ? matcher.group(1) : null;
    }
  }

  private static final String EACH_PORT = "_PORT_\\d{1,5}_(?:TCP|UDP|SCTP)";

  private static final List<Shape> SHAPES =
      List.of(
          Shape.of("_SERVICE_HOST", ADDRESS),
          Shape.of("_SERVICE_PORT(?:_[A-Z0-9_]+)?", PORT),
          Shape.of(EACH_PORT + "(?:_START|_END)?", PLACE),
          Shape.of(EACH_PORT + "_PROTO", "tcp|udp|sctp"),
          Shape.of(EACH_PORT + "_PORT(?:_START|_END)?", PORT),
          Shape.of(EACH_PORT + "_ADDR", ADDRESS),
          Shape.of("_PORT", PLACE),
          Shape.of("_NAME", "/[^/\\s]+/[^/\\s]+"));

  /** What a linked container has in its own environment: anything. */
  private static final Pattern LINKED = Pattern.compile("(REALTIME(?:_[A-Z0-9_]+?)?)_ENV_.+");

  private final Set<String> names = new TreeSet<>();
  private final Set<String> owners = new TreeSet<>();

  PlatformVariables(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          for (Shape shape : SHAPES) {
            String owner = shape.owner(name, value);
            if (owner != null) {
              names.add(name);
              owners.add(owner);
              break; // the first is the most exact
            }
          }
        });
    environment.forEach(
        (name, value) -> {
          Matcher linked = LINKED.matcher(name);
          if (linked.matches() && names.contains(linked.group(1) + "_NAME")) {
            names.add(name);
          }
        });
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /**
   * One line about them; null when there are none.
   *
   * @param instead what counts in place of those that are called as a setting; empty when none is
   */
  @Nullable String notice(String instead) {
    if (names.isEmpty()) {
      return null;
    }
    int more = names.size() - MOST_NAMED;
    return "Ignored what the platform tells about its Services or links "
        + owners.stream()
            .map(owner -> owner.toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(", "))
        + ": "
        + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "")
        + instead
        + "; enableServiceLinks: false in the pod keeps them away";
  }
}
