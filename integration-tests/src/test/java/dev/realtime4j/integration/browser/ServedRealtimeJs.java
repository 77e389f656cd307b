package dev.realtime4j.integration.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The browser's client where a page can import it from; it goes with the JVM. */
final class ServedRealtimeJs {
  /** The script itself, which is a page that a test may stand on, too. */
  static final String ADDRESS;

  static {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext("/realtime.js", ServedRealtimeJs::answer);
      Thread thread = new Thread(http::start, "served-realtime-js");
      thread.setDaemon(true); // which the threads of the server inherit
      thread.start();
      ADDRESS = "http://localhost:" + http.getAddress().getPort() + "/realtime.js";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServedRealtimeJs() {}

  /** What is in the file. */
  static String text() {
    try (InputStream script = ServedRealtimeJs.class.getResourceAsStream("/web/realtime.js")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] script = text().getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/javascript; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, script.length);
      exchange.getResponseBody().write(script);
    }
  }
}
