/**
 * Calls to the server: their order, rate, time-outs and answers, over reconnects. Start at {@code
 * Calls}.
 */
@NullMarked
package dev.realtime4j.client.internal.call;

import org.jspecify.annotations.NullMarked;
