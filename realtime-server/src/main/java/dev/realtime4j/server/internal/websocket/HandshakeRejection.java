package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.transport.HandshakeHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer instead of a WebSocket.
 *
 * @param status the HTTP status
 * @param code the reason
 * @param message what the client reads
 * @param headers what this status asks for beside the usual
 * @param hasBody false for an answer to HEAD, which only says how long the body would be
 */
record HandshakeRejection(
    int status, ErrorCode code, String message, Map<String, String> headers, boolean hasBody) {

  static HandshakeRejection of(int status, ErrorCode code, String message) {
    return new HandshakeRejection(status, code, message, Map.of(), true);
  }

  static HandshakeRejection of(HandshakeHandler.Refused refused) {
    HandshakeRejection refusal = of(refused.status(), refused.code(), refused.message());
    if (refused.status() == 401) {
      refusal = refusal.header("WWW-Authenticate", "Bearer");
    }
    Duration retryAfter = refused.retryAfter();
    return retryAfter == null ? refusal : refusal.retryAfter(retryAfter);
  }

  static HandshakeRejection unavailable(String message) {
    return of(503, ErrorCode.UNAVAILABLE, message).retryAfter(Duration.ofSeconds(1));
  }

  HandshakeRejection header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HandshakeRejection(status, code, message, more, hasBody);
  }

  HandshakeRejection withoutBody() {
    return new HandshakeRejection(status, code, message, headers, false);
  }

  /** In whole seconds, rounded up, at least one. */
  HandshakeRejection retryAfter(Duration duration) {
    long seconds = Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    return header("Retry-After", Long.toString(seconds));
  }

  /** The whole answer. */
  byte[] toBytes() {
    String body =
        Json.object(
                "type",
                "about:blank",
                "title",
                title(),
                "status",
                status,
                "code",
                code.wire(),
                "detail",
                message)
            .text();
    byte[] bodyBytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(title()).append("\r\n");
    head.append("Content-Type: application/problem+json\r\n");
    head.append("Content-Length: ").append(bodyBytes.length).append("\r\n");
    head.append("Cache-Control: no-store\r\n");
    head.append("Connection: close\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("\r\n");
    byte[] headBytes = head.toString().getBytes(StandardCharsets.US_ASCII);
    if (!hasBody) {
      return headBytes;
    }
    byte[] all = new byte[headBytes.length + bodyBytes.length];
    System.arraycopy(headBytes, 0, all, 0, headBytes.length);
    System.arraycopy(bodyBytes, 0, all, headBytes.length, bodyBytes.length);
    return all;
  }

  private String title() {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 426 -> "Upgrade Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Refused";
    };
  }
}
