package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import java.util.Base64;

/** What a request must be before anybody is asked to decide about it. */
final class HandshakeRules {
  private static final String PATH = "/ws";
  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;

  private HandshakeRules() {}

  static void check(RequestHead head) throws RefusedException {
    if (!head.method().equals("GET")) {
      throw new RefusedException(
          Refusal.of(405, ErrorCode.BAD_REQUEST, "a WebSocket is opened with GET")
              .header("Allow", "GET"));
    }
    if (!head.path().equals(PATH)) {
      throw new RefusedException(Refusal.of(404, ErrorCode.NOT_FOUND, "WebSockets are at " + PATH));
    }
    if (!head.headerHas("upgrade", "websocket") || !head.headerHas("connection", "upgrade")) {
      throw RefusedException.badRequest("this is not a WebSocket request");
    }
    if (head.header("host").isEmpty()) {
      throw RefusedException.badRequest("the Host header is missing");
    }
    if (!RequestTarget.isAuthority(head.header("host"))) {
      throw RefusedException.badRequest("the Host header is malformed");
    }
    boolean bodyless = head.header("content-length").isEmpty() || isZero(head);
    if (!bodyless || !head.header("transfer-encoding").isEmpty()) {
      throw RefusedException.badRequest("a WebSocket request has no body");
    }
    if (!head.header("sec-websocket-version").equals(VERSION)) {
      throw new RefusedException(
          Refusal.of(426, ErrorCode.BAD_REQUEST, "the WebSocket version must be " + VERSION)
              .header("Upgrade", "websocket")
              .header("Sec-WebSocket-Version", VERSION));
    }
    if (!isKey(head.header("sec-websocket-key"))) {
      throw RefusedException.badRequest("Sec-WebSocket-Key is missing or not 16 bytes of Base64");
    }
  }

  private static boolean isZero(RequestHead head) {
    return head.header("content-length").equals("0");
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
