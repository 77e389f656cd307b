package dev.realtime4j.benchmarks;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long durable notifications take: {@code sendAsync} until it is committed, at a fixed rate;
 * and {@code send} to one connected user until it has arrived, without and beside a {@code sendAll}
 * to very many. PostgreSQL is a process of its own and writes each commit to the disk.
 */
public final class NotificationBenchmark {
  private static final int CONNECTED = 200;
  private static final int WATCHED_PER_SECOND = 50;

  /** Before and after the number in a title. */
  private static final String MARK = "#";

  private NotificationBenchmark() {}

  /**
   * Measures and prints.
   *
   * @param args see the message that a wrong one is answered with
   * @throws IOException when PostgreSQL does not start
   */
  public static void main(String[] args) throws IOException {
    NotificationOptions options;
    try {
      options = NotificationOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    System.out.printf(
        "Java %s, %d processors%n%s%n",
        Runtime.version().feature(), Runtime.getRuntime().availableProcessors(), options);
    try (NotificationStage stage = NotificationStage.start()) {
      async(stage, options.rate(), 3);
      print("sendAsync until committed", async(stage, options.rate(), options.seconds()));
      print("send until arrived", alone(stage, options.seconds()));
      print("the same beside sendAll", besideBulk(stage, options.receivers()));
    }
  }

  private static void print(String what, Latencies latencies) {
    System.out.printf(
        "%-28s p50 %6.1f ms   p95 %6.1f ms   p99 %6.1f ms   of %,d%n",
        what,
        millis(latencies.percentile(50)),
        millis(latencies.percentile(95)),
        millis(latencies.percentile(99)),
        latencies.total());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** From when each should have been sent, whether or not the sender was late. */
  static Latencies async(NotificationStage stage, int rate, int seconds) {
    List<UserId> users = users(1000);
    Latencies latencies = new Latencies();
    List<CompletableFuture<?>> sent = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < rate * seconds; i++) {
      long due = begin + (long) (i * 1e9 / rate);
      waitUntil(due);
      NewNotification next =
          NewNotification.to(users.get(i % users.size())).title("Order shipped").build();
      sent.add(
          stage
              .notifications()
              .sendAsync(next)
              .thenRun(() -> latencies.add(System.nanoTime() - due)));
    }
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    return latencies;
  }

  /** One user gets notifications, and nothing else happens. */
  static Latencies alone(NotificationStage stage, int seconds) {
    AtomicInteger left = new AtomicInteger(seconds * WATCHED_PER_SECOND);
    return watched(stage, () -> left.getAndDecrement() > 0);
  }

  /** One user gets notifications while very many others get one. */
  static Latencies besideBulk(NotificationStage stage, int receivers) {
    List<Receiver> connected =
        IntStream.range(0, Math.min(CONNECTED, receivers))
            .mapToObj(i -> new Receiver(stage, line -> {}))
            .toList();
    try {
      List<UserId> all =
          Stream.concat(
                  connected.stream().map(Receiver::user),
                  users(receivers - connected.size()).stream())
              .toList();
      NotificationContent content = NewNotification.to(all.get(0)).title("Sale").build().content();
      long begin = System.nanoTime();
      CompletableFuture<Integer> bulk =
          CompletableFuture.supplyAsync(
              () -> stage.notifications().sendAll(all, content, UUID.randomUUID().toString()));
      Latencies latencies = watched(stage, () -> !bulk.isDone());
      System.out.printf(
          "sendAll to %,d, of whom %d connected: %.1f s%n",
          bulk.join(), connected.size(), (System.nanoTime() - begin) / 1e9);
      return latencies;
    } finally {
      connected.forEach(Receiver::close);
    }
  }

  private static Latencies watched(NotificationStage stage, BooleanSupplier goesOn) {
    Latencies latencies = new Latencies();
    Map<String, Long> due = new ConcurrentHashMap<>();
    int sent = 0;
    try (Receiver receiver = new Receiver(stage, line -> arrived(line, due, latencies))) {
      long begin = System.nanoTime();
      for (; goesOn.getAsBoolean(); sent++) {
        long next = begin + sent * (1_000_000_000L / WATCHED_PER_SECOND);
        waitUntil(next);
        String title = MARK + sent + MARK;
        due.put(title, next);
        stage.notifications().send(NewNotification.to(receiver.user()).title(title).build());
      }
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (latencies.total() < sent && System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    if (latencies.total() < sent) {
      throw new IllegalStateException(sent - latencies.total() + " notifications did not arrive");
    }
    return latencies;
  }

  private static void arrived(String line, Map<String, Long> due, Latencies latencies) {
    int from = line.indexOf(MARK);
    Long since = due.remove(line.substring(from, line.indexOf(MARK, from + 1) + 1));
    if (since != null) {
      latencies.add(System.nanoTime() - since);
    }
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static List<UserId> users(int count) {
    return Stream.generate(() -> new UserId(UUID.randomUUID())).limit(count).toList();
  }
}
