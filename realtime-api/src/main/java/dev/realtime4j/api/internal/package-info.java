/**
 * What the modules of realtime4j share and nobody else may use; it is exported to them alone. Never
 * here: anything of the wire or of the words. Start at {@link dev.realtime4j.api.internal.Library}.
 */
@NullMarked
package dev.realtime4j.api.internal;

import org.jspecify.annotations.NullMarked;
