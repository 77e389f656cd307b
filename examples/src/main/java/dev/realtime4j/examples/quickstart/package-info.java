/** The two programs that the README shows. Start at {@code ServerQuickstart}. */
@NullMarked
package dev.realtime4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
