package dev.realtime4j.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * The body of a request, which need not have arrived yet. It is read only for calls that need one,
 * and only after the checks of the caller's token, limit and scope; at most once.
 */
@FunctionalInterface
public interface HttpBody {
  /** No body. */
  HttpBody NONE = of(new byte[0]);

  /**
   * Reads the body, or as much of it as requested. Blocks until it is there; the server limits for
   * how long.
   *
   * @param most how many bytes at most, at least 0
   * @return the body; exactly {@code most} bytes when it is as long or longer
   * @throws IOException when it does not arrive
   */
  byte[] read(int most) throws IOException;

  /** A body that has arrived. Not copied: nobody may write to it. */
  static HttpBody of(byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes");
    return most -> bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }

  /** The content of a stream, up to its end. The stream stays open. */
  static HttpBody of(InputStream stream) {
    Objects.requireNonNull(stream, "stream");
    return stream::readNBytes;
  }
}
