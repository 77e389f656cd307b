/**
 * Programs that embed the client, to run beside the demo and to copy: one for the console, one with
 * windows. Start at {@code ConsoleClient} or {@code BellWindow}.
 */
@NullMarked
package dev.realtime4j.examples.client;

import org.jspecify.annotations.NullMarked;
