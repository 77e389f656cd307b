package dev.realtime4j.api.notification;

import dev.realtime4j.api.StoreDiagnostics;
import dev.realtime4j.api.StoreMaintenance;

/**
 * A whole store of notifications, as a server takes it; a service provider interface, of parts
 * which each have their own laws and their own contract test. It adds nothing to them: a class that
 * needs one part asks for that one.
 *
 * <p>Three of the parts are optional: {@link TransactionalNotificationStore}, {@link
 * StoreDiagnostics} and {@link StoreMaintenance}. Their methods have defaults, so that a simple
 * store writes none of them.
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
