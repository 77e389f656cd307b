package dev.realtime4j.integration.docs;

import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.RealtimeHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** What docs/http.md shows. */
final class HttpPage {
  private HttpPage() {}

  static void mount(RealtimeServer server) throws IOException {
    // docs:begin
    System.setProperty("sun.net.httpserver.nodelay", "true"); // before the JVM's first HttpServer
    HttpServer http = HttpServer.create(new InetSocketAddress(8081), 0);
    http.setExecutor(Executors.newFixedThreadPool(16)); // without one it serves one call at a time
    RealtimeHttp.of(server).mount(http);
    http.start();
    // docs:end
  }
}
