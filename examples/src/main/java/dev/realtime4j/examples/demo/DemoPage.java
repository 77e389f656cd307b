package dev.realtime4j.examples.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.api.Json;
import dev.realtime4j.examples.Closing;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web page, on the JDK's own HTTP server, for this machine only.
 *
 * <p>Lifecycle: {@link #open}, then {@link #show}; the {@link Closing} it was given ends it.
 */
final class DemoPage {
  private static final Logger log = LoggerFactory.getLogger(DemoPage.class);
  private static final Map<String, String> TYPES =
      Map.of("html", "text/html", "css", "text/css", "js", "text/javascript");

  private final HttpServer http;

  private DemoPage(HttpServer http) {
    this.http = http;
  }

  /**
   * Opens the port; nothing is answered yet.
   *
   * @param port 0 for any free one
   * @throws IOException when the port is taken
   */
  static DemoPage open(int port, Closing closing) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new IOException("port " + port + " is taken: stop what uses it", e);
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task, "realtime-demo-page-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    http.setExecutor(threads);
    closing.later(threads::shutdownNow);
    closing.later(() -> http.stop(0));
    return new DemoPage(http);
  }

  /** Serves page and controls. */
  void show(Stage stage) {
    Controls controls = new Controls(stage);
    http.createContext("/", exchange -> answer(exchange, this::file));
    http.createContext("/demo/", exchange -> answer(exchange, one -> control(one, controls)));
    http.start();
  }

  /** Where it is. */
  String address() {
    return "http://localhost:" + http.getAddress().getPort();
  }

  private interface Answer {
    Response to(HttpExchange exchange) throws Exception;
  }

  private record Response(int status, String type, byte[] body) {
    static Response json(int status, Json json) {
      return new Response(status, "application/json", json.text().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    Response response;
    try {
      response = answer.to(exchange);
    } catch (Exception e) {
      log.warn("{} failed: {}", exchange.getRequestURI().getPath(), e.toString());
      response = Response.json(500, Json.object("error", String.valueOf(e.getMessage())));
    }
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", response.type() + "; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(response.status(), response.body().length);
      exchange.getResponseBody().write(response.body());
    }
  }

  private Response file(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.equals("/") ? "index.html" : path.substring(1);
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type != null && name.matches("[a-z]+\\.[a-z]+")) {
      try (InputStream in = DemoPage.class.getResourceAsStream("/web/" + name)) {
        if (in != null) {
          return new Response(200, type, in.readAllBytes());
        }
      }
    }
    return Response.json(404, Json.object("error", "there is no such page"));
  }

  private Response control(HttpExchange exchange, Controls controls) throws Exception {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean post = exchange.getRequestMethod().equals("POST");
    String name = exchange.getRequestURI().getPath().substring("/demo/".length());
    return Response.json(
        200, post ? controls.act(name, Json.parse(body).fields()) : controls.tell(name));
  }
}
