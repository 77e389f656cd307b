/**
 * Durable notifications: what a host sends and reads ({@link
 * dev.realtime4j.api.notification.Notifications}) and the store behind it ({@link
 * dev.realtime4j.api.notification.NotificationRepository}). Pushing lives in the server.
 */
@NullMarked
package dev.realtime4j.api.notification;

import org.jspecify.annotations.NullMarked;
