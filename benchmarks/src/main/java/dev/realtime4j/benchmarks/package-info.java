/**
 * Measures whole processes over real sockets: a realtime4j server beside a plain broadcast of
 * Java-WebSocket. Nothing else depends on this; nothing here is a test of correctness.
 *
 * <p>Start reading at {@link dev.realtime4j.benchmarks.FanoutBenchmark}.
 */
@NullMarked
package dev.realtime4j.benchmarks;

import org.jspecify.annotations.NullMarked;
