/**
 * What the application wants to hold on every connection (rooms, its status, watched users), and
 * how it is restored after a reconnect. Start at {@code DesiredState}.
 */
@NullMarked
package dev.realtime4j.client.internal.desired;

import org.jspecify.annotations.NullMarked;
