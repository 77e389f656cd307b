/**
 * What stands between a node and its durable stores, so that one that is unavailable holds up
 * nothing but itself. Start at {@code StoreGuard}.
 */
@NullMarked
package dev.realtime4j.server.internal.store;

import org.jspecify.annotations.NullMarked;
