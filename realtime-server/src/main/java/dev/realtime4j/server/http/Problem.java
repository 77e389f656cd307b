package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.notification.IdempotencyConflictException;
import java.time.Duration;
import java.util.Map;

/** Refusals as {@code application/problem+json} (RFC 9457) with a {@code code}. */
final class Problem {
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  private Problem() {}

  static HttpResponse of(int status, ErrorCode code, String detail) {
    HttpResponse response =
        HttpResponse.problem(
            status,
            Json.object(
                "type",
                "about:blank",
                "title",
                TITLES.getOrDefault(status, "Error"),
                "status",
                status,
                "detail",
                detail,
                "code",
                code.wire()));
    return status == 401 ? response.with("WWW-Authenticate", "Bearer") : response;
  }

  static HttpResponse of(RealtimeException e) {
    // A code has one status on the wire; what HTTP alone tells apart is told apart by type.
    int status =
        e instanceof IdempotencyConflictException
            ? 422
            : e instanceof BodyTooLargeException ? 413 : e.code().httpStatus();
    String message = e.getMessage();
    HttpResponse response = of(status, e.code(), message == null ? "" : message);
    Duration retryAfter = e.retryAfter();
    return retryAfter == null
        ? response
        : response.with("Retry-After", String.valueOf(wholeSeconds(retryAfter)));
  }

  /** Rounded up, and never 0: a client that comes back at that time must not be too early. */
  static long wholeSeconds(Duration duration) {
    return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
  }
}
