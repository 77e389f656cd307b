/**
 * Presence: sockets to users, watching, reaping, and its methods. Start at {@code PresenceFeature}.
 */
@NullMarked
package dev.realtime4j.server.internal.presence;

import org.jspecify.annotations.NullMarked;
