/**
 * Durable notifications: what an application sends and reads ({@link
 * dev.realtime4j.api.notification.Notifications}) and the store behind it ({@link
 * dev.realtime4j.api.notification.NotificationRepository}, which is cut into small interfaces: each
 * class asks for the one that it needs). Pushing lives in the server.
 */
@NullMarked
package dev.realtime4j.api.notification;

import org.jspecify.annotations.NullMarked;
