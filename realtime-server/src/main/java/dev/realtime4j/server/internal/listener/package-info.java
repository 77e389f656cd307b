/** Tells the application of sockets that open and close. Start at {@code ListenerFeature}. */
@NullMarked
package dev.realtime4j.server.internal.listener;

import org.jspecify.annotations.NullMarked;
