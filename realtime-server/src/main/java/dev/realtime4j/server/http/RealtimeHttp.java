package dev.realtime4j.server.http;

import com.sun.net.httpserver.HttpServer;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.http.CallBudget.Outcome;
import dev.realtime4j.server.http.CallBudget.Verdict;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API, for any HTTP server.
 *
 * <pre>{@code
 * System.setProperty("sun.net.httpserver.nodelay", "true");
 * HttpServer server = HttpServer.create(new InetSocketAddress(8081), 0);
 * server.setExecutor(Executors.newFixedThreadPool(16));
 * RealtimeHttp.of(realtimeServer).mount(server);
 * server.start();
 * }</pre>
 *
 * <p>An application with its own framework makes an {@link HttpRequest} of each request below
 * {@link #BASE_PATH}, calls {@link #handle}, and writes the {@link HttpResponse}.
 *
 * <p>Calls are limited for each user and kind of call, on each node separately: a fixed window of a
 * minute that begins with the user's first call. Cross-origin requests of browsers are not answered
 * (no CORS headers, {@code OPTIONS} is 405): serve the API on the page's own origin, or let the
 * framework or proxy in front add the headers.
 *
 * <p>Thread safety: any thread. {@link #handle} blocks on the stores, on the calling thread; it
 * needs no virtual threads.
 *
 * <p>Lifecycle: holds no thread and no connection; there is nothing to close.
 */
public final class RealtimeHttp {
  /** The path that all calls of the API begin with. */
  public static final String BASE_PATH = "/api/v1/realtime";

  /** The largest body of a request, in bytes. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Logger log = LoggerFactory.getLogger(RealtimeHttp.class);

  private final RouteTable routes;
  private final Gate gate;
  private final Map<Route, CallBudget> budgets = new HashMap<>();

  private RealtimeHttp(HttpServices services, InstantSource clock) {
    List<Route> all = new ArrayList<>();
    all.addAll(new NotificationEndpoints(services.notifications()).routes());
    all.addAll(new PresenceEndpoints(services.presences(), services.presencePolicy()).routes());
    all.addAll(new BroadcastEndpoints(services.broadcaster()).routes());
    all.addAll(new ConnectionEndpoints(services.connectionLog()).routes());
    all.addAll(new HealthEndpoints(services.health()).routes());
    routes = new RouteTable(all);
    gate = new Gate(services.authenticator(), services.bans(), clock);
    for (Route route : all) {
      if (route.perMinute() != Route.UNLIMITED) {
        budgets.put(route, new CallBudget(route.perMinute(), clock));
      }
    }
  }

  /** The API of a server; the server may be started later. */
  public static RealtimeHttp of(RealtimeServer server) {
    Objects.requireNonNull(server, "server");
    return of(
        new HttpServices(
            server.authenticator(),
            server.notifications(),
            server.presence(),
            server.connectionLog(),
            server,
            server,
            server,
            server.presencePolicy()));
  }

  /** The API over these services. */
  public static RealtimeHttp of(HttpServices services) {
    return of(services, ServerEnvironment.system().clock());
  }

  /**
   * The API over these services.
   *
   * @param clock for expiry and limits
   */
  public static RealtimeHttp of(HttpServices services, InstantSource clock) {
    Objects.requireNonNull(services, "services");
    Objects.requireNonNull(clock, "clock");
    return new RealtimeHttp(services, clock);
  }

  /**
   * Serves the API on the JDK's server, which the application starts and stops.
   *
   * <p>The calls run, and block, on the server's executor, so give it several threads: without one
   * the JDK serves one request at a time. That server limits neither its connections nor those of
   * an address, and a client that sends a request slowly holds one of its threads: as many slow
   * clients as threads keep everybody else out, health included. The system properties {@code
   * sun.net.httpserver.maxReqTime} and {@code maxRspTime} (seconds) end each such request. Keep it
   * behind a proxy that buffers whole requests, or use a server that limits what clients can hold,
   * as the standalone node does.
   *
   * <p>Set the system property {@code sun.net.httpserver.nodelay} before the JVM makes its first
   * {@code HttpServer}: the JDK writes head and body of an answer separately, and without it the
   * body waits about 40 ms for the client's delayed acknowledgement.
   *
   * @return closing it removes the API from the server
   */
  public Registration mount(HttpServer server) {
    return JdkMount.mount(this, server);
  }

  /**
   * Answers a request. Never throws, and never reveals a stack trace or a secret: an internal error
   * is a 500 whose cause is in the log, with class and place.
   *
   * <p>The body is read only when the call needs one, after the checks of the caller's token, limit
   * and scope. A {@code HEAD} is answered wherever {@code GET} is: status and header fields, no
   * body.
   */
  public HttpResponse handle(HttpRequest request) {
    return begin(request).answer(request.body());
  }

  /**
   * Checks the head of a request: path, method, token, ban, limit and scope, in this order. Never
   * throws. Blocks on the authenticator, on the calling thread. The request's body is not touched.
   *
   * <p>For servers that receive bodies without blocking a thread: when this refuses a request, its
   * body is not needed, so nobody without a token can make the server wait.
   */
  public PendingCall begin(HttpRequest request) {
    try {
      return admit(request);
    } catch (RealtimeException e) {
      return refused(request, refusal(request, e));
    } catch (InvalidValueException e) {
      return refused(request, refusal(request, e.asFailure()));
    } catch (RuntimeException e) {
      return refused(request, failure(request, e));
    }
  }

  private PendingCall admit(HttpRequest request) {
    Optional<RouteTable.Match> found = find(request.path());
    if (found.isEmpty()) {
      return refused(request, Problem.of(404, ErrorCode.NOT_FOUND, "there is no such path"));
    }
    RouteTable.Match match = found.get();
    Route route = match.of(request.method());
    if (route == null) {
      return refused(
          request,
          Problem.of(405, ErrorCode.BAD_REQUEST, "this path takes " + match.allow())
              .with("Allow", match.allow()));
    }
    if (route.access() == Route.Access.PUBLIC) {
      Call call = new Call(request, match.variables(), null);
      return PendingCall.admitted(this, route, call, Map.of());
    }
    Principal principal = gate.authenticate(request);
    return limited(route, new Call(request, match.variables(), principal), principal);
  }

  private Optional<RouteTable.Match> find(String path) {
    return path.startsWith(BASE_PATH + "/")
        ? routes.find(path.substring(BASE_PATH.length()))
        : Optional.empty();
  }

  private PendingCall limited(Route route, Call call, Principal principal) {
    CallBudget budget = budgets.get(route);
    if (budget == null) {
      return scoped(route, call, principal, Map.of());
    }
    Verdict verdict = budget.take(principal.userId());
    Map<String, String> limits = verdict.headers(route.name());
    if (verdict.outcome() == Outcome.ALLOWED) {
      return scoped(route, call, principal, limits);
    }
    RealtimeException tooMany =
        new RealtimeException(
            ErrorCode.RATE_LIMITED,
            "at most " + verdict.limit() + " calls a minute",
            verdict.reset(),
            null);
    return PendingCall.refused(this, call.request(), Problem.of(tooMany), limits);
  }

  /** A refusal from here on, too, tells what is left of the limit. */
  private PendingCall scoped(
      Route route, Call call, Principal principal, Map<String, String> limits) {
    if (route.access() == Route.Access.ADMIN) {
      try {
        gate.demand(principal, Principal.ADMIN_SCOPE);
      } catch (RealtimeException e) {
        return PendingCall.refused(this, call.request(), refusal(call.request(), e), limits);
      }
    }
    return PendingCall.admitted(this, route, call, limits);
  }

  private PendingCall refused(HttpRequest request, HttpResponse refusal) {
    return PendingCall.refused(this, request, refusal, Map.of());
  }

  HttpResponse perform(Route route, Call call) {
    try {
      return route.endpoint().handle(call);
    } catch (RealtimeException e) {
      return refusal(call.request(), e);
    } catch (InvalidValueException e) {
      return refusal(call.request(), e.asFailure());
    } catch (RuntimeException e) {
      return failure(call.request(), e);
    }
  }

  private HttpResponse refusal(HttpRequest request, RealtimeException e) {
    if (e.code() == ErrorCode.INTERNAL) {
      return failure(request, e);
    }
    log.debug("{} {}: {}", request.method(), request.path(), e.code());
    return Problem.of(e);
  }

  HttpResponse failure(HttpRequest request, RuntimeException e) {
    log.error("{} {} failed: {}", request.method(), request.path(), Traceless.describe(e));
    return Problem.of(500, ErrorCode.INTERNAL, "the server failed; its log says where");
  }
}
