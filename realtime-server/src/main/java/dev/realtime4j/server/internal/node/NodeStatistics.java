package dev.realtime4j.server.internal.node;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a node has counted since it was built.
 *
 * @param sockets how many are open now
 * @param halfOpenSockets how many more are accepted, and neither open nor closed yet
 * @param socketsTurnedAway how many were closed or refused undecided, because there were too many
 * @param methodFailures how many calls of clients ended in an error inside the server
 * @param problems how many things are wrong now
 * @param partitionsAhead for how many months ahead the stores have room
 * @param maintenanceFailing the steps of the maintenance, and for how long each has failed
 * @param features what the features have counted, by name
 */
public record NodeStatistics(
    int sockets,
    int halfOpenSockets,
    long socketsTurnedAway,
    long methodFailures,
    int problems,
    OptionalInt partitionsAhead,
    Map<String, Duration> maintenanceFailing,
    Map<String, Long> features) {}
