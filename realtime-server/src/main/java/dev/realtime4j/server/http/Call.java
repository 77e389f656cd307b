package dev.realtime4j.server.http;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that found its route and was let in.
 *
 * @param request as it arrived
 * @param variables what stands in the path where the route has {@code {name}}, not decoded
 * @param principal who is calling; null where the route asks for nobody
 */
record Call(HttpRequest request, Map<String, String> variables, @Nullable Principal principal) {
  UserId user() {
    return caller().userId();
  }

  Principal caller() {
    if (principal == null) {
      throw new IllegalStateException("a public route asked for its user");
    }
    return principal;
  }

  Query query() {
    return Query.parse(request.query());
  }

  /** The same with a body, wherever it comes from. */
  Call withBody(HttpBody body) {
    HttpRequest with =
        new HttpRequest(
            request.method(),
            request.path(),
            request.query(),
            request.headers(),
            body,
            request.remoteAddress());
    return new Call(with, variables, principal);
  }

  /** The members of the body, which is read now. */
  Fields body() {
    byte[] bytes;
    try {
      bytes = request.body().read(RealtimeHttp.MAX_BODY_BYTES + 1);
    } catch (IOException e) {
      throw new RealtimeException(ErrorCode.BAD_REQUEST, "the body did not arrive", e);
    }
    if (bytes.length > RealtimeHttp.MAX_BODY_BYTES) {
      throw new BodyTooLargeException();
    }
    return Fields.parse(bytes);
  }

  UUID pathUuid(String name) {
    String text = variables.get(name);
    if (text == null) {
      throw RealtimeException.badRequest(name + " is required");
    }
    return Fields.uuid(name, text);
  }
}
