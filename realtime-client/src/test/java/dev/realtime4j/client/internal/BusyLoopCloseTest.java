package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.client.internal.loop.ThreadLoop;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is closed while its loop has more to do than closing waits for. */
@Timeout(60)
final class BusyLoopCloseTest {
  @Test
  void its_socket_is_ended_all_the_same() throws Exception {
    CompletableFuture<FakeSocket> socket = new CompletableFuture<>();
    ThreadLoop loop = new ThreadLoop(Clock.systemUTC());
    ClientEnvironment environment =
        new ClientEnvironment(
            (target, token, listener) -> {
              FakeSocket opening = new FakeSocket(target, token, listener);
              socket.complete(opening);
              return opening;
            },
            loop,
            UnaryOperator.identity(),
            () -> 0.5);
    RealtimeClient.Builder builder =
        RealtimeClient.builder().endpoint(URI.create("ws://localhost/ws")).token("token");
    ClientEnvironments.choose(builder, () -> environment);
    RealtimeClient client = builder.build();
    client.connect();
    FakeSocket opened = socket.get(20, TimeUnit.SECONDS);

    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    loop.execute(
        () -> {
          awaitUninterruptibly(busy);
          ended.countDown();
        });
    client.close();

    assertThat(opened.aborted).isTrue();
    busy.countDown();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        // The loop is being ended: it does not care.
      }
    }
  }
}
