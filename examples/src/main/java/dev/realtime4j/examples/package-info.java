/** Programs to run and to copy, and the little that they share. */
@NullMarked
package dev.realtime4j.examples;

import org.jspecify.annotations.NullMarked;
