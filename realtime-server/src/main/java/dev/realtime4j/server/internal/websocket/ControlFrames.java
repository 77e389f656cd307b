package dev.realtime4j.server.internal.websocket;

/**
 * How many pings and pongs a socket may send: a token bucket of their own, for no limit of messages
 * sees them. Used on its loop's thread only.
 */
final class ControlFrames {
  /** So many seconds' worth may come at once. */
  private static final int BURST = 10;

  private final int perSecond;

  /** Of what was spent and has not come again; most sockets never send one. */
  private double spent;

  private long last;

  /**
   * @param perSecond how many in the long run
   */
  ControlFrames(int perSecond) {
    this.perSecond = perSecond;
  }

  /** Whether one more may come. */
  boolean tryPass(long nanos) {
    if (spent > 0) {
      spent = Math.max(0, spent - (nanos - last) * (perSecond / 1e9));
    }
    last = nanos;
    return ++spent <= (double) BURST * perSecond;
  }
}
