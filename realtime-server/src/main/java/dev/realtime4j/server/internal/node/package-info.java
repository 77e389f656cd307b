/**
 * The engine: a node as a list of features, its threads, the checks and the maintenance of its
 * stores, its start, drain and end. The only place where the features meet. Knows nothing of the
 * public {@code RealtimeServer}, which stands on it. Start at {@code Node}.
 */
@NullMarked
package dev.realtime4j.server.internal.node;

import org.jspecify.annotations.NullMarked;
