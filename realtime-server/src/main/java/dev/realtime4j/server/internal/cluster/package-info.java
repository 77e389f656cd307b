/**
 * The node's side of the bus: subscriptions by demand, the probe, gaps, the node's own sign of
 * life. Start at {@code NodeBus}.
 */
@NullMarked
package dev.realtime4j.server.internal.cluster;

import org.jspecify.annotations.NullMarked;
