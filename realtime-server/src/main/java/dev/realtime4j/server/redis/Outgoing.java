package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.util.concurrent.CompletableFuture;

/**
 * A message on its way to Redis.
 *
 * @param sinceNanos when it was published, by the monotonic clock
 * @param handover completed once, by the publishing thread or by the one whose message displaced
 *     this one
 */
record Outgoing(
    String redisChannel,
    byte[] message,
    long sinceNanos,
    CompletableFuture<PublishResult> handover) {
  Outgoing(String redisChannel, byte[] message, long sinceNanos) {
    this(redisChannel, message, sinceNanos, new CompletableFuture<>());
  }

  void became(PublishResult outcome) {
    handover.complete(outcome);
  }
}
