package dev.realtime4j.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param method for example {@code GET}
 * @param pattern the path below the base, for example {@code /notifications/{id}/read}
 * @param access who may call it
 * @param perMinute how often each user may; {@link #UNLIMITED} for as often as they like
 * @param body whether it reads the body of the request
 * @param endpoint what it does
 */
record Route(
    String method, String pattern, Access access, int perMinute, Body body, Endpoint endpoint) {
  static final int UNLIMITED = 0;

  /** A call without a body. */
  Route(String method, String pattern, Access access, int perMinute, Endpoint endpoint) {
    this(method, pattern, access, perMinute, Body.IGNORED, endpoint);
  }

  /** What becomes of the body of a request. */
  enum Body {
    IGNORED,
    READ
  }

  /** Who may call. */
  enum Access {
    /** Everybody, without a token. */
    PUBLIC,
    /** A user, for themselves. */
    USER,
    /** A token with the scope {@code realtime:admin}. */
    ADMIN
  }

  /** What a call does. A {@code RealtimeException} becomes a problem of its code. */
  @FunctionalInterface
  interface Endpoint {
    HttpResponse handle(Call call);
  }

  /** Whether it reads the body of the request. */
  boolean takesBody() {
    return body == Body.READ;
  }

  /** How limits call it, for example {@code PUT /notifications/{id}/read}. */
  String name() {
    return method + " " + pattern;
  }

  /** The variables of a path that this route has; null when it is not of this route. */
  @Nullable Map<String, String> match(String path) {
    List<String> expected = segments(pattern);
    List<String> actual = segments(path);
    if (expected.size() != actual.size()) {
      return null;
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < expected.size(); i++) {
      String segment = expected.get(i);
      if (segment.startsWith("{") && !actual.get(i).isEmpty()) {
        variables.put(segment.substring(1, segment.length() - 1), actual.get(i));
      } else if (!segment.equals(actual.get(i))) {
        return null;
      }
    }
    return variables;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
