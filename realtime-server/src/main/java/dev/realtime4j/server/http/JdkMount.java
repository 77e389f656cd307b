package dev.realtime4j.server.http;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.api.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API on the JDK's own server. */
final class JdkMount {
  private static final Logger log = LoggerFactory.getLogger(JdkMount.class);

  /**
   * How much of a body that is too large is read and thrown away: a client that is still sending
   * when the connection closes never sees the 413.
   */
  private static final int MOST_DRAINED = 1024 * 1024;

  private JdkMount() {}

  static Registration mount(RealtimeHttp http, HttpServer server) {
    HttpContext context =
        server.createContext(RealtimeHttp.BASE_PATH, exchange -> serve(http, exchange));
    AtomicBoolean mounted = new AtomicBoolean(true);
    return () -> {
      if (mounted.compareAndSet(true, false)) {
        server.removeContext(context);
      }
    };
  }

  private static void serve(RealtimeHttp http, HttpExchange exchange) {
    try (exchange) {
      write(exchange, http.handle(request(exchange)));
    } catch (IOException e) {
      log.debug("A client went away: {}", Traceless.describe(e));
    }
  }

  private static HttpRequest request(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, join(values)));
    return new HttpRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        exchange.getRequestURI().getRawQuery(),
        headers,
        HttpBody.of(exchange.getRequestBody()),
        exchange.getRemoteAddress().getAddress());
  }

  private static String join(Iterable<String> values) {
    return String.join(", ", values);
  }

  /** Not by {@code skip}: the JDK's body stream skips past its own end and blocks for ever. */
  private static void drain(InputStream in) throws IOException {
    byte[] thrownAway = new byte[8 * 1024];
    int read = 0;
    for (int total = 0; read >= 0 && total < MOST_DRAINED; total += read) {
      read = in.read(thrownAway);
    }
  }

  /**
   * What is left of the body is read and thrown away once the answer is out. Without a body in the
   * answer, before: then the JDK ends the exchange with the answer's head.
   */
  private static void write(HttpExchange exchange, HttpResponse response) throws IOException {
    response.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] body = response.body();
    if (body.length == 0) {
      drain(exchange.getRequestBody());
      exchange.sendResponseHeaders(response.status(), -1);
    } else {
      exchange.sendResponseHeaders(response.status(), body.length);
      OutputStream out = exchange.getResponseBody();
      out.write(body);
      out.flush();
      drain(exchange.getRequestBody());
    }
  }
}
