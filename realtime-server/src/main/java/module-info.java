/** The embeddable server. Start at {@link dev.realtime4j.server.RealtimeServer}. */
module dev.realtime4j.server {
  requires transitive dev.realtime4j.api;
  requires transitive jdk.httpserver;
  requires com.github.f4b6a3.uuid;
  requires org.java_websocket;
  requires org.slf4j;
  requires tls.channel;
  requires transitive redis.clients.jedis;
  // For the limit of open files; without them it is read where Linux tells it.
  requires static java.management;
  requires static jdk.management;
  // Not transitive: whoever requires us would have to have it, at compile time too.
  requires static com.nimbusds.jose.jwt;
  requires static micrometer.core;

  exports dev.realtime4j.server;
  exports dev.realtime4j.server.http;
  exports dev.realtime4j.server.jwt;
  exports dev.realtime4j.server.memory;
  exports dev.realtime4j.server.metrics;
  exports dev.realtime4j.server.redis;
  exports dev.realtime4j.server.tls;
}
