/**
 * One connected client, from its welcome to its close. Never names a feature. Start at {@code
 * Session}.
 *
 * <ul>
 *   <li>{@code handshake}, {@code address}: who may open a socket
 *   <li>{@code call}: the methods that the features offer
 *   <li>{@code queue}, {@code limit}: what waits, and how much a client may do
 *   <li>{@code fanout}: the same messages to many
 * </ul>
 */
@NullMarked
package dev.realtime4j.server.internal.session;

import org.jspecify.annotations.NullMarked;
