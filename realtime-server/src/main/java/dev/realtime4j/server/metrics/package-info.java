/**
 * The figures of a node as Micrometer meters; the only room that names Micrometer, which is
 * optional. Nothing is counted here: the numbers are those of {@link
 * dev.realtime4j.server.ServerStats}.
 *
 * <p>Start reading at {@link dev.realtime4j.server.metrics.RealtimeMetrics}.
 */
@NullMarked
package dev.realtime4j.server.metrics;

import org.jspecify.annotations.NullMarked;
