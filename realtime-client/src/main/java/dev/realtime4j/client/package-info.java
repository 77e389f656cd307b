/**
 * What an application embeds: the client, its builder, its listeners. Start at {@code
 * RealtimeClient}.
 */
@NullMarked
package dev.realtime4j.client;

import org.jspecify.annotations.NullMarked;
