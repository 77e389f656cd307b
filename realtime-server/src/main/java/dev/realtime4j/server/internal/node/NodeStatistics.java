package dev.realtime4j.server.internal.node;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a node has counted since it was built.
 *
 * @param sockets of its transport
 * @param methodFailures how many calls of clients ended in an error inside the server
 * @param problems how many things are wrong now
 * @param upkeep of its stores
 * @param features what the features have counted, by name
 */
public record NodeStatistics(
    Sockets sockets, long methodFailures, int problems, Upkeep upkeep, Map<String, Long> features) {
  /**
   * The sockets that came.
   *
   * @param open how many are open now
   * @param halfOpen how many more are accepted, and neither open nor closed yet
   * @param turnedAway how many were closed or refused undecided, because there were too many
   */
  public record Sockets(int open, int halfOpen, long turnedAway) {}

  /**
   * What is done for the stores from time to time.
   *
   * @param partitionsAhead for how many months ahead they have room
   * @param failing the steps of the maintenance, and for how long each has failed
   */
  public record Upkeep(OptionalInt partitionsAhead, Map<String, Duration> failing) {}
}
