/**
 * Every message of the wire, as a file below {@code resources/wire}: written by the server and the
 * client, read by the other one. Start at {@code GoldenMessagesTest}.
 */
@NullMarked
package dev.realtime4j.integration.wire;

import org.jspecify.annotations.NullMarked;
