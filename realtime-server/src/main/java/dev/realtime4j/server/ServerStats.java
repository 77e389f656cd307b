package dev.realtime4j.server;

import dev.realtime4j.api.notification.OutboxBacklog;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a node has counted since it was built; for the application's own metrics.
 *
 * <p>Thread safety: immutable.
 *
 * @param sockets how many sockets are open now
 * @param halfOpenSockets how many more are accepted, and neither open nor closed yet
 * @param socketsTurnedAway how many were closed or refused before they were open, because there
 *     were too many: half-open ones of their address or of the node, or all together
 * @param notificationsAcknowledged how many notifications clients said they have
 * @param notificationsRelayed how many notifications were pushed by the relay, because the node
 *     that committed them did not
 * @param outboxBacklog what was committed and not yet known to be pushed, over the cluster, as this
 *     node measured it within the last five seconds; its age is the lag of the relay
 * @param partitionsAhead for how many months ahead the stores have partitions, the smaller number
 *     of the two tables, as of the last maintenance (every 12 hours); empty without such stores,
 *     and until the first maintenance; at zero somebody should look
 * @param connectionLogDropped how many entries of the connection log were dropped, because the
 *     store was unavailable for too long
 * @param methodFailures how many calls of clients ended in an error inside the server
 * @param problems how many faults somebody has to fix now; {@link RealtimeServer#health()} says
 *     what
 * @param maintenanceFailing the steps of maintenance, each under the name of its problem, and for
 *     how long it has failed; zero for those that work
 */
public record ServerStats(
    int sockets,
    int halfOpenSockets,
    long socketsTurnedAway,
    long notificationsAcknowledged,
    long notificationsRelayed,
    OutboxBacklog outboxBacklog,
    OptionalInt partitionsAhead,
    long connectionLogDropped,
    long methodFailures,
    int problems,
    Map<String, Duration> maintenanceFailing) {}
