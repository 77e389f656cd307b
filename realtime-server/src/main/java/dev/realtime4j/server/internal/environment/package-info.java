/**
 * What everything in a server takes time, threads and chance from, so that tests can bring their
 * own. Never here: what is done with them. Start at {@link
 * dev.realtime4j.server.internal.environment.ServerEnvironment}.
 */
@NullMarked
package dev.realtime4j.server.internal.environment;

import org.jspecify.annotations.NullMarked;
