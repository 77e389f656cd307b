package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.protocol.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which name is which method. The features fill it before the server starts.
 *
 * <p>Thread safety: filled by one thread, then read by any.
 */
public final class MethodTable {
  private static final Logger log = LoggerFactory.getLogger(MethodTable.class);

  private final Map<String, Method> methods = new HashMap<>();
  private final LongAdder failures = new LongAdder();

  /**
   * Adds a method.
   *
   * @throws IllegalArgumentException when the name is taken
   */
  public void register(String name, Method method) {
    if (methods.putIfAbsent(name, method) != null) {
      throw new IllegalArgumentException("the method \"" + name + "\" is registered already");
    }
  }

  /** How many calls ended in an error inside the server. */
  public long failures() {
    return failures.sum();
  }

  /** Calls a method and sends what comes of it. */
  void call(Session session, Frame.Call call) {
    Long id = call.id();
    try {
      Method method = methods.get(call.method());
      if (method == null) {
        throw new RealtimeException(
            ErrorCode.UNKNOWN_METHOD, "there is no method of this name on this server");
      }
      Answer answer = method.handle(session, Params.of(call.params()));
      if (id != null) {
        session.send(new Frame.Result(id, answer.result()));
      }
      if (answer.afterwards() != null) {
        answer.afterwards().run();
      }
    } catch (RealtimeException e) {
      if (e.code() == ErrorCode.INTERNAL) {
        failed(session, call, e);
      }
      fail(session, id, new Frame.Failure(id, e.code(), message(e), e.retryAfter()));
    } catch (Throwable e) {
      failed(session, call, e);
      fail(
          session,
          id,
          new Frame.Failure(id, ErrorCode.INTERNAL, "the server failed; see its log", null));
    }
  }

  private void failed(Session session, Frame.Call call, Throwable e) {
    failures.increment();
    log.error("Method {} failed for socket {}", call.method(), session.id(), e);
  }

  private static void fail(Session session, @Nullable Long id, Frame.Failure failure) {
    if (id != null) {
      session.send(failure);
    }
  }

  private static String message(RealtimeException e) {
    String message = e.getMessage();
    return message == null ? "" : message;
  }
}
