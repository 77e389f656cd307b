/**
 * The standalone node: a server that is configured by its environment and nothing else. Start at
 * {@link dev.realtime4j.node.RealtimeNode}.
 */
@NullMarked
package dev.realtime4j.node;

import org.jspecify.annotations.NullMarked;
