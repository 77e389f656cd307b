package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.api.ErrorCode;
import java.util.regex.Pattern;

/** What a request must be before anybody is asked to decide about it. */
final class HandshakeRules {
  private static final String PATH = "/ws";
  private static final String VERSION = "13";

  /** 16 bytes in Base64. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private HandshakeRules() {}

  static void check(RequestHead head) throws HandshakeRejectedException {
    if (!head.method().equals("GET")) {
      throw new HandshakeRejectedException(
          HandshakeRejection.of(405, ErrorCode.BAD_REQUEST, "a WebSocket is opened with GET")
              .header("Allow", "GET"));
    }
    if (!head.path().equals(PATH)) {
      throw new HandshakeRejectedException(
          HandshakeRejection.of(404, ErrorCode.NOT_FOUND, "WebSockets are at " + PATH));
    }
    if (!head.headerHas("upgrade", "websocket") || !head.headerHas("connection", "upgrade")) {
      throw HandshakeRejectedException.badRequest("this is not a WebSocket request");
    }
    if (head.header("host").isEmpty()) {
      throw HandshakeRejectedException.badRequest("the Host header is missing");
    }
    if (!RequestTarget.isAuthority(head.header("host"))) {
      throw HandshakeRejectedException.badRequest("the Host header is malformed");
    }
    if (head.has("transfer-encoding") || (head.has("content-length") && !isZero(head))) {
      throw HandshakeRejectedException.badRequest("a WebSocket request has no body");
    }
    if (!head.header("sec-websocket-version").equals(VERSION)) {
      throw new HandshakeRejectedException(
          HandshakeRejection.of(
                  426, ErrorCode.BAD_REQUEST, "the WebSocket version must be " + VERSION)
              .header("Upgrade", "websocket")
              .header("Sec-WebSocket-Version", VERSION));
    }
    if (!KEY.matcher(head.header("sec-websocket-key")).matches()) {
      throw HandshakeRejectedException.badRequest(
          "Sec-WebSocket-Key is missing or not 16 bytes of Base64");
    }
  }

  /** As it is always written: {@code +0}, {@code 00} and nothing, somebody reads another way. */
  private static boolean isZero(RequestHead head) {
    return head.header("content-length").equals("0");
  }
}
