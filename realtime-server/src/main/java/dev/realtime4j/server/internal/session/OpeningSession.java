package dev.realtime4j.server.internal.session;

/**
 * A socket that opens.
 *
 * @param session nothing has been sent to it yet
 * @param welcome what it will hear first
 */
public record OpeningSession(Session session, Welcome welcome) {}
