/**
 * Measures whole processes over real sockets: a realtime4j server beside a plain broadcast of
 * Java-WebSocket, notifications on a PostgreSQL, and what others notice of an attack. Nothing else
 * depends on this; nothing here is a test of correctness.
 *
 * <p>Start reading at {@link dev.realtime4j.benchmarks.FanoutBenchmark}, or at {@link
 * dev.realtime4j.benchmarks.NotificationBenchmark}.
 */
@NullMarked
package dev.realtime4j.benchmarks;

import org.jspecify.annotations.NullMarked;
