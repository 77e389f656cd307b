/**
 * What an application embeds: the server, its builder and settings, its listeners. How it works is
 * in the internal packages. Start at {@code RealtimeServer}.
 */
@NullMarked
package dev.realtime4j.server;

import org.jspecify.annotations.NullMarked;
