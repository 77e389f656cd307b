package dev.realtime4j.node;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.server.http.HttpBody;
import dev.realtime4j.server.http.HttpRequest;
import dev.realtime4j.server.http.HttpResponse;
import dev.realtime4j.server.http.PendingCall;
import dev.realtime4j.server.http.RealtimeHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API on Jetty. Calls run on threads of their own, which may wait for stores and never
 * wait for a client: a body is waited for without a thread, and only once its call was let in.
 * Health is answered at once, on the threads of the port, which nothing holds.
 */
final class ApiHandler extends Handler.Abstract.NonBlocking implements AutoCloseable {
  private static final int THREADS = 16;
  private static final int WAITING = 256;
  private static final String HEALTH = RealtimeHttp.BASE_PATH + "/health/";
  private static final HttpResponse BUSY = busy();

  private final RealtimeHttp http;
  private final ThreadPoolExecutor calls;

  ApiHandler(RealtimeHttp http) {
    this.http = http;
    AtomicInteger number = new AtomicInteger();
    calls =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "realtime-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    calls.allowCoreThreadTimeOut(true);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    exchange.enter(HttpEndPoint.Stage.WORK);
    HttpRequest head = head(request);
    if (head.path().startsWith(HEALTH)) {
      exchange.answer(http.handle(head));
    } else {
      exchange.run(() -> begin(head, exchange));
    }
    return true;
  }

  private void begin(HttpRequest head, Exchange exchange) {
    PendingCall call = http.begin(head);
    if (!call.wantsBody()) {
      exchange.answer(call.answer(HttpBody.NONE));
    } else if (exchange.request.getLength() > RealtimeHttp.MAX_BODY_BYTES) {
      exchange.answer(call.answer(byte[]::new)); // as much as is refused
    } else {
      exchange.enter(HttpEndPoint.Stage.BODY);
      new BodyReader(
              exchange.request,
              body -> {
                exchange.enter(HttpEndPoint.Stage.WORK);
                exchange.run(() -> exchange.answer(call.answer(body)));
              })
          .run();
    }
  }

  private static HttpRequest head(Request request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue() == null ? "" : field.getValue();
      headers.merge(field.getLowerCaseName(), value, (one, another) -> one + ", " + another);
    }
    return new HttpRequest(
        request.getMethod(),
        request.getHttpURI().getPath() == null ? "" : request.getHttpURI().getPath(),
        request.getHttpURI().getQuery(),
        headers,
        HttpBody.NONE,
        address(request));
  }

  /** The client's; where a PROXY header tells none, the proxy's own. */
  private static InetAddress address(Request request) {
    InetAddress told = internet(request.getConnectionMetaData().getRemoteSocketAddress());
    HttpEndPoint connection = connection(request);
    InetAddress own = connection == null ? null : internet(connection.getRemoteSocketAddress());
    return told != null ? told : own != null ? own : InetAddress.getLoopbackAddress();
  }

  private static @Nullable InetAddress internet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet ? internet.getAddress() : null;
  }

  private static @Nullable HttpEndPoint connection(Request request) {
    return HttpEndPoint.of(request.getConnectionMetaData().getConnection().getEndPoint());
  }

  private static HttpResponse busy() {
    Json json =
        Json.object(
            "type", "about:blank",
            "title", "Service Unavailable",
            "status", 503,
            "detail", "too many calls wait; try again",
            "code", ErrorCode.UNAVAILABLE.wire());
    return new HttpResponse(
        503,
        Map.of(
            "Content-Type", "application/problem+json",
            "Cache-Control", "no-store",
            "Retry-After", "1"),
        json.text().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }

  /** A request and its answer. */
  private final class Exchange {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final @Nullable HttpEndPoint connection;

    Exchange(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      connection = connection(request);
    }

    void enter(HttpEndPoint.Stage stage) {
      if (connection != null) {
        connection.enter(stage);
      }
    }

    /** On a thread that may wait for a store. */
    void run(Runnable step) {
      try {
        calls.execute(step);
      } catch (RejectedExecutionException e) {
        answer(BUSY);
      }
    }

    void answer(HttpResponse answer) {
      enter(HttpEndPoint.Stage.ANSWER);
      response.setStatus(answer.status());
      answer.headers().forEach(response.getHeaders()::put);
      response.write(true, ByteBuffer.wrap(answer.body()), Callback.from(this::done, this::failed));
    }

    private void done() {
      enter(HttpEndPoint.Stage.IDLE);
      callback.succeeded();
    }

    private void failed(Throwable cause) {
      callback.failed(cause);
    }
  }
}
