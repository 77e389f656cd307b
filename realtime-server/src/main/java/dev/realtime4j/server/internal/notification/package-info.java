/**
 * Durable notifications: sending, pushing, catching up, the relay, and their methods. Start at
 * {@code NotificationFeature}.
 */
@NullMarked
package dev.realtime4j.server.internal.notification;

import org.jspecify.annotations.NullMarked;
