package dev.realtime4j.node;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty refuses before the API sees it, told as the API tells it. Quotes nothing. */
final class HttpErrors extends ErrorHandler {
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    describe(response.getHeaders());
    response.write(true, body(code), callback);
  }

  private static void describe(HttpFields.Mutable fields) {
    fields.put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  private static ByteBuffer body(int status) {
    ErrorCode code = status >= 500 ? ErrorCode.INTERNAL : ErrorCode.BAD_REQUEST;
    Json json =
        Json.object(
            "type",
            "about:blank",
            "title",
            HttpStatus.getMessage(status),
            "status",
            status,
            "detail",
            status >= 500 ? "the server failed" : "this is no HTTP request that is taken",
            "code",
            code.wire());
    return ByteBuffer.wrap(json.text().getBytes(StandardCharsets.UTF_8));
  }
}
