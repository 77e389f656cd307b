/**
 * Every service provider interface in memory: for one process, and for tests. Start at {@code
 * InMemoryCluster}.
 */
@NullMarked
package dev.realtime4j.server.memory;

import org.jspecify.annotations.NullMarked;
