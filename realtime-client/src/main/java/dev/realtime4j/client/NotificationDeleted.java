package dev.realtime4j.client;

import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.UnreadCount;

/**
 * A notification was deleted, on this device or another of the same user.
 *
 * @param id which
 * @param unread how many are unread now
 */
public record NotificationDeleted(NotificationId id, UnreadCount unread) {}
