/**
 * Notifications: each shown exactly once, acknowledged, resumed by cursor, and live views of the
 * inbox. Start at {@code Arrivals}.
 */
@NullMarked
package dev.realtime4j.client.internal.notification;

import org.jspecify.annotations.NullMarked;
