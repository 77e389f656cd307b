package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Users who behave well: each calls {@code echo} and {@code presence.get} in turns, at a pace that
 * is allowed. A call counts from when it should have been made.
 */
final class GoodUsers implements AutoCloseable {
  /** Whom they ask for: a user whose presence stands in the store. */
  static final UUID WATCHED = UUID.fromString("00000000-0000-4000-8000-000000000001");

  private static final int USERS = 10;
  private static final int CALLS_PER_SECOND = 8;
  private static final int OPENING = 1;
  private static final long PERIOD_NANOS = 1_000_000_000L / CALLS_PER_SECOND;

  private final List<PeerSocket> sockets = new ArrayList<>();

  /** The latencies of a while. */
  record Part(Latencies echo, Latencies presence) {}

  GoodUsers(InetSocketAddress server) throws IOException {
    for (int i = 0; i < USERS; i++) {
      PeerSocket socket = PeerSocket.open(server, OPENING, user(i));
      sockets.add(socket);
      socket.read();
    }
  }

  private static UUID user(int number) {
    return number == 0 ? WATCHED : UUID.randomUUID();
  }

  /**
   * Calls for a while.
   *
   * @throws IOException when one of them was not served
   */
  Part measure(int seconds) throws IOException {
    Part part = new Part(new Latencies(), new Latencies());
    AtomicReference<IOException> failure = new AtomicReference<>();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      PeerSocket socket = sockets.get(i);
      long first = start + PERIOD_NANOS * i / USERS;
      Thread thread =
          new Thread(
              () -> {
                try {
                  call(socket, first, seconds * CALLS_PER_SECOND, part);
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    if (failure.get() != null) {
      throw new IOException("a user who behaves well was not served", failure.get());
    }
    return part;
  }

  private static void call(PeerSocket socket, long first, int calls, Part part) throws IOException {
    for (int id = 1; id <= calls; id++) {
      long due = first + id * PERIOD_NANOS;
      long wait = due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      boolean echo = id % 2 == 0;
      socket.send(
          echo
              ? Attack.call(id, "echo", "{\"x\":1}")
              : Attack.call(id, "presence.get", "{\"user_ids\":[\"" + WATCHED + "\"]}"));
      String answer = "";
      while (!answer.contains("\"id\":" + id + ",\"result\"")) {
        answer = socket.read();
        if (answer.contains("\"id\":" + id + ",\"error\"")) {
          throw new IOException(answer);
        }
      }
      (echo ? part.echo : part.presence).add(System.nanoTime() - due);
    }
  }

  @Override
  public void close() {
    sockets.forEach(PeerSocket::close);
  }
}
