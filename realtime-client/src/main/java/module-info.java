/** The Java SDK. Start at {@link dev.realtime4j.client.RealtimeClient}. */
module dev.realtime4j.client {
  requires transitive dev.realtime4j.api;
  requires org.java_websocket;
  requires org.slf4j;

  exports dev.realtime4j.client;
  exports dev.realtime4j.client.internal to
      dev.realtime4j.testkit;
  exports dev.realtime4j.client.internal.loop to
      dev.realtime4j.testkit;
  exports dev.realtime4j.client.internal.websocket to
      dev.realtime4j.testkit;
}
