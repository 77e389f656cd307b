/** The embeddable server. */
module dev.realtime4j.server {
  requires transitive dev.realtime4j.api;
  requires org.java_websocket;
  requires org.slf4j;
}
