package dev.realtime4j.server;

/**
 * What a node has counted since it was built; for the host's own metrics.
 *
 * <p>Thread safety: immutable.
 *
 * @param sockets how many sockets are open now
 * @param notificationsAcknowledged how many notifications clients said they have
 * @param notificationsRelayed how many notifications were pushed by the relay, because the node
 *     that committed them did not
 * @param connectionLogDropped how many entries of the connection log were dropped, because the
 *     store was away for too long
 * @param methodFailures how many calls of clients ended in an error inside the server
 */
public record ServerStats(
    int sockets,
    long notificationsAcknowledged,
    long notificationsRelayed,
    long connectionLogDropped,
    long methodFailures) {}
