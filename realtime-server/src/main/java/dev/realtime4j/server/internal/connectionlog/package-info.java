/** The connection log, behind a bounded queue. Start at {@code ConnectionLogFeature}. */
@NullMarked
package dev.realtime4j.server.internal.connectionlog;

import org.jspecify.annotations.NullMarked;
