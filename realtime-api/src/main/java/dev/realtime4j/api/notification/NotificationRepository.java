package dev.realtime4j.api.notification;

import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;

/**
 * A complete store of notifications, as a server needs it; a service provider interface. Each of
 * its parts has its own contract and its own contract test. It adds nothing to them: a class that
 * needs one part depends on that one.
 *
 * <p>Three of the parts are optional: {@link TransactionalNotificationStore}, {@link
 * StoreDiagnostics} and {@link StoreMaintenance}. Their methods have defaults, so that a simple
 * store implements none of them.
 */
public interface NotificationRepository
    extends NotificationStore,
        TransactionalNotificationStore,
        NotificationOutbox,
        NotificationQueries,
        NotificationChanges,
        NotificationCatchUp,
        NotificationUserData,
        StoreDiagnostics,
        StoreMaintenance {}
