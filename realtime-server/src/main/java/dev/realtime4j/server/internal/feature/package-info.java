/**
 * What a feature is: the interface that each implements, and what a node hands to it. Names no
 * feature. Start at {@code Feature}.
 */
@NullMarked
package dev.realtime4j.server.internal.feature;

import org.jspecify.annotations.NullMarked;
