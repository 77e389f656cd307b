package dev.realtime4j.server.hostile;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client that behaves, and is to be served all the time. */
final class Bystander implements AutoCloseable {
  private static final long PAUSE_MILLIS = 2;

  private final HostilePeer peer;
  private final AtomicLong answers = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "bystander");
  private final CountDownLatch done = new CountDownLatch(1);

  Bystander(int port) throws IOException {
    peer = new HostilePeer(port, new ConcurrentHashMap<>(Map.of())).open(target());
    thread.start();
  }

  private static String target() {
    return "/ws?token=" + new UUID(2, 0);
  }

  private void run() {
    try {
      while (!done.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        peer.text("{\"id\":1,\"method\":\"echo\",\"params\":{}}");
        if (!peer.isAlive()) {
          throw new IllegalStateException("the bystander was closed");
        }
        answers.incrementAndGet();
      }
    } catch (Throwable e) {
      failure.set(e); // nobody asks for one of the end
    }
  }

  /** How often it was answered; fails when it was closed or not answered. */
  long answers() {
    Throwable e = failure.get();
    if (e != null) {
      throw new AssertionError("a bystander was not served", e);
    }
    return answers.get();
  }

  @Override
  public void close() throws IOException {
    done.countDown();
    peer.close();
  }
}
