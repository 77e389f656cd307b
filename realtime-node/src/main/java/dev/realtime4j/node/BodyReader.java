package dev.realtime4j.node;

import dev.realtime4j.server.http.HttpBody;
import dev.realtime4j.server.http.RealtimeHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;

/**
 * Collects the body of a request without a thread that waits for it, and no more of it than the API
 * looks at.
 */
final class BodyReader implements Runnable {
  private final Content.Source source;
  private final Consumer<HttpBody> then;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

  /**
   * @param then told once: the body, or one that says that it broke off
   */
  BodyReader(Content.Source source, Consumer<HttpBody> then) {
    this.source = source;
    this.then = then;
  }

  /** Reads what is there, and is called again when there is more. */
  @Override
  public void run() {
    while (true) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        source.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        then.accept(
            most -> {
              throw new IOException("the body broke off");
            });
        return;
      }
      boolean last = chunk.isLast();
      byte[] bytes = new byte[chunk.remaining()];
      chunk.getByteBuffer().get(bytes);
      chunk.release();
      collected.writeBytes(bytes);
      if (last || collected.size() > RealtimeHttp.MAX_BODY_BYTES) {
        then.accept(HttpBody.of(collected.toByteArray()));
        return;
      }
    }
  }
}
