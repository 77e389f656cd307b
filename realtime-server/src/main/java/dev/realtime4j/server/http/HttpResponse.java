package dev.realtime4j.server.http;

import dev.realtime4j.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer. {@code toString} does not show the body.
 *
 * <p>Thread safety: immutable, provided that nobody writes to {@code body}.
 *
 * @param status for example 200
 * @param headers the header fields, without {@code Content-Length}; in answer to a {@code HEAD}
 *     with the {@code Content-Length} that {@code GET} would have
 * @param body the body; empty when there is none, as in answer to a {@code HEAD}
 */
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] NO_BODY = {};

  /** Keeps a copy of the header fields; the body is kept as it is. */
  public HttpResponse {
    headers = Map.copyOf(headers);
  }

  static HttpResponse json(int status, Json json) {
    return of(status, "application/json", json);
  }

  static HttpResponse problem(int status, Json json) {
    return of(status, "application/problem+json", json);
  }

  static HttpResponse noContent() {
    return new HttpResponse(204, Map.of("Cache-Control", "no-store"), NO_BODY);
  }

  private static HttpResponse of(int status, String contentType, Json json) {
    // What the API answers is somebody's: no cache on the way may keep it.
    return new HttpResponse(
        status,
        Map.of(
            "Content-Type", contentType,
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff"),
        json.text().getBytes(StandardCharsets.UTF_8));
  }

  /** What a {@code HEAD} is answered: the same without the body. */
  HttpResponse head() {
    return new HttpResponse(
        status, with("Content-Length", String.valueOf(body.length)).headers(), NO_BODY);
  }

  HttpResponse with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new HttpResponse(status, all, body);
  }

  HttpResponse with(String name, String value) {
    return with(Map.of(name, value));
  }

  @Override
  public String toString() {
    return "HttpResponse[" + status + ", " + body.length + " bytes]";
  }
}
