package dev.realtime4j.api.cluster;

/**
 * What a node does with what the bus brings.
 *
 * <p>Thread safety: called by several threads at once. Every method returns at once: the bus waits
 * for it.
 */
public interface BusListener {
  /**
   * A message arrived, of another node or a store. One of this node is dropped.
   *
   * @param channel a channel that this node is subscribed to
   * @param message as it was published; not to be modified
   */
  void onMessage(String channel, byte[] message);

  /**
   * Messages of other nodes may have been missed: the connection was unavailable and is back, with
   * all subscriptions made again; or another node lost messages on their way out, which is told
   * without {@link #onDisconnected} before it.
   */
  void onGap();

  /**
   * The connection is unavailable: messages of other nodes do not arrive until {@link #onGap()}.
   */
  void onDisconnected();
}
