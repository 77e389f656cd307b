package dev.realtime4j.server.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head was checked: it is refused already, or waits for its body, or can be
 * answered as it is. For servers that receive bodies without blocking a thread; others call {@link
 * RealtimeHttp#handle}.
 *
 * <p>Thread safety: none; one thread may pass it to the next.
 */
public final class PendingCall {
  private final RealtimeHttp http;
  private final HttpRequest request;
  private final @Nullable Route route;
  private final @Nullable Call call;
  private final @Nullable HttpResponse refusal;
  private final Map<String, String> limits;

  private PendingCall(
      RealtimeHttp http,
      HttpRequest request,
      @Nullable Route route,
      @Nullable Call call,
      @Nullable HttpResponse refusal,
      Map<String, String> limits) {
    this.http = http;
    this.request = request;
    this.route = route;
    this.call = call;
    this.refusal = refusal;
    this.limits = limits;
  }

  /** One that goes on to its endpoint. */
  static PendingCall admitted(
      RealtimeHttp http, Route route, Call call, Map<String, String> limits) {
    return new PendingCall(http, call.request(), route, call, null, limits);
  }

  /** One that is over. */
  static PendingCall refused(
      RealtimeHttp http, HttpRequest request, HttpResponse refusal, Map<String, String> limits) {
    return new PendingCall(http, request, null, null, refusal, limits);
  }

  /**
   * Whether {@link #answer} reads the body. When it does not, nobody needs to: the caller is
   * refused, or the call takes none.
   */
  public boolean wantsBody() {
    return route != null && route.takesBody();
  }

  /**
   * Carries out the call, and answers it. Never throws. Blocks on the stores, and on a wanted body
   * until it is there. Call it once.
   *
   * @param body the body; {@link HttpBody#NONE} will do when it is not wanted
   */
  public HttpResponse answer(HttpBody body) {
    HttpResponse response =
        route == null || call == null
            ? refusal == null ? http.failure(request, new IllegalStateException()) : refusal
            : http.perform(route, call.withBody(body));
    HttpResponse limited = response.with(limits);
    return request.method().equals("HEAD") ? limited.head() : limited;
  }
}
