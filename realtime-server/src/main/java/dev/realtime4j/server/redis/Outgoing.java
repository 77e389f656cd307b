package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.util.concurrent.CompletableFuture;

/**
 * A message on its way to Redis.
 *
 * @param sinceNanos when it was published, as a reading of {@link System#nanoTime}
 * @param handover completed once, by the publishing thread or by the one whose message displaced
 *     this one
 */
record Outgoing(
    String redisChannel,
    byte[] message,
    long sinceNanos,
    CompletableFuture<PublishResult> handover) {
  Outgoing(String redisChannel, byte[] message) {
    this(redisChannel, message, System.nanoTime(), new CompletableFuture<>());
  }

  void became(PublishResult outcome) {
    handover.complete(outcome);
  }
}
