/**
 * Who is online: what an application calls ({@link dev.realtime4j.api.presence.Presences}) and the
 * store behind it ({@link dev.realtime4j.api.presence.PresenceStore}). Watching and reaping live in
 * the server.
 */
@NullMarked
package dev.realtime4j.api.presence;

import org.jspecify.annotations.NullMarked;
