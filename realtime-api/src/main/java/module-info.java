/**
 * The words of realtime4j, the SPI interfaces a host may implement, and the wire codec that server
 * and client share.
 */
module dev.realtime4j.api {
  requires transitive java.sql;
  requires transitive org.jspecify;
  requires com.fasterxml.jackson.core;

  exports dev.realtime4j.api;
  exports dev.realtime4j.api.auth;
  exports dev.realtime4j.api.cluster;
  exports dev.realtime4j.api.connectionlog;
  exports dev.realtime4j.api.notification;
  exports dev.realtime4j.api.presence;
  exports dev.realtime4j.api.room;
  exports dev.realtime4j.api.transport;
  exports dev.realtime4j.api.internal to
      dev.realtime4j.server,
      dev.realtime4j.jdbi,
      dev.realtime4j.client;
  exports dev.realtime4j.protocol to
      dev.realtime4j.server,
      dev.realtime4j.client,
      dev.realtime4j.testkit;
}
