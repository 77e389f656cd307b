package dev.realtime4j.benchmarks;

/**
 * The message that is sent again and again. Its data begins with a byte that stands nowhere else on
 * the wire: so the load side counts messages without parsing them.
 */
record Message(int payload) {
  static final byte MARKER = '~';

  private static final String ROOM = "bench";

  /** What a member publishes. */
  String published() {
    return "{\"method\":\"room.publish\",\"params\":{\"room\":\""
        + ROOM
        + "\",\"event\":\"m\",\"data\":"
        + data()
        + "}}";
  }

  /** What everybody receives; the plain broadcast is given this very text. */
  String received() {
    return "{\"event\":\"m\",\"room\":\"" + ROOM + "\",\"data\":" + data() + "}";
  }

  static String join() {
    return "{\"id\":1,\"method\":\"room.join\",\"params\":{\"room\":\"" + ROOM + "\"}}";
  }

  /** How many bytes after the marker are certainly none. */
  int filler() {
    return payload - 1;
  }

  private String data() {
    return "{\"p\":\"" + (char) MARKER + "x".repeat(filler()) + "\"}";
  }
}
