package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Rooms with subscribers and a publisher each, of which some subscribers stop to read for a while.
 * Who is cut off is replaced by another who stalls, as real ones come back to stall again.
 */
final class StalledRound implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final long TEND_NANOS = 100_000_000;

  /** How many of those that stall are asked at a time whether they were cut off. */
  private static final int LOOKED_AT = 10;

  /** What the kernel holds for who stalls: on loopback it would take up to 32 MiB by itself. */
  private static final int RECEIVE_BUFFER = 64 * 1024;

  private final InetSocketAddress server;
  private final Words words;
  private final Message message;
  private final Crowd crowd;
  private final RoomPace pace;
  private final List<Publisher> publishers = new ArrayList<>();
  private final Deque<LoadSocket> stalled = new ArrayDeque<>();
  private final List<LoadSocket> spare = new ArrayList<>();
  private final List<LoadSocket> coming = new ArrayList<>();
  private int cutOff;

  /**
   * What was measured over a while.
   *
   * @param stalled how many did not read
   * @param cutOff how many of them the server closed
   * @param heapBytes of the server, at the end
   */
  record Part(
      int stalled, int cutOff, long deliveries, Duration p50, Duration p99, long heapBytes) {
    String line() {
      return String.format(
          "%4d stalled, %4d cut off   p50 %6.1f ms   p99 %6.1f ms   %,d deliveries   heap %d MiB",
          stalled, cutOff, p50.toNanos() / 1e6, p99.toNanos() / 1e6, deliveries, heapBytes >> 20);
    }
  }

  StalledRound(InetSocketAddress server, Words words) throws IOException {
    this.server = server;
    this.words = words;
    this.message = new Message(words.get("payload"));
    this.crowd = new Crowd(server, Contender.REALTIME4J, message);
    int rooms = words.get("rooms");
    this.pace = new RoomPace(rooms, words.get("rate"));
    int steady = words.get("sockets") - words.get("stalled");
    for (int room = 0; room < rooms; room++) {
      crowd.open(share(steady, rooms, room), joining(room), pace.arrivals(room), OPENING);
      List<LoadSocket> one =
          crowd.open(1, Contender.REALTIME4J.greeting(), Arrivals.IGNORED, OPENING);
      publishers.add(new Publisher(one.get(0), published(room)));
    }
    fill(words.get("stalled"));
    crowd.checkWhole();
    pace.begin();
  }

  private static int share(int of, int rooms, int room) {
    return of * (room + 1) / rooms - of * room / rooms;
  }

  private static List<Contender.Step> joining(int room) {
    String join = Message.join().replace("bench", "bench" + room);
    return List.of(new Contender.Step("\"connected\"", join), new Contender.Step("\"result\"", ""));
  }

  private String published(int room) {
    return message.published().replace("bench", "bench" + room);
  }

  /** More subscribers whose latencies nobody counts: they came too late to know the numbers. */
  private void fill(int upTo) throws IOException {
    while (spare.size() < upTo) {
      LoadSocket one = stalling(spare.size());
      long end = System.nanoTime() + OPENING.toNanos();
      while (!one.isOpen()) {
        crowd.turn(100);
        crowd.checkWhole();
        if (System.nanoTime() > end) {
          throw new IOException("a handshake hangs");
        }
      }
      spare.add(one);
    }
  }

  private LoadSocket stalling(int number) throws IOException {
    return crowd.begin(joining(number % publishers.size()), Arrivals.IGNORED, RECEIVE_BUFFER);
  }

  void warmUp() throws IOException {
    run(Duration.ofSeconds(words.get("seconds") / 2 + 1));
  }

  Part measure(int stalling) throws IOException {
    run(SETTLING); // what was due while nobody published
    cutOff = 0;
    for (int i = 0; i < stalling; i++) {
      LoadSocket one = spare.remove(0);
      crowd.stall(one);
      stalled.add(one);
    }
    Duration time = Duration.ofSeconds(words.get("seconds"));
    Latencies latencies = pace.measureFor(time.toNanos());
    run(time.plusSeconds(1)); // what was due at the end arrives, too
    ServerFigures figures = ServerFigures.ask(server);
    int cut = cutOff;
    for (LoadSocket one : stalled) {
      crowd.drop(one);
    }
    stalled.clear();
    spare.addAll(coming);
    coming.clear();
    fill(words.get("stalled"));
    return new Part(
        stalling,
        cut,
        latencies.total(),
        latencies.percentile(50),
        latencies.percentile(99),
        figures.heapBytes());
  }

  private void run(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    long tend = System.nanoTime();
    while (System.nanoTime() < end) {
      for (int room = 0; room < publishers.size(); room++) {
        Publisher publisher = publishers.get(room);
        publisher.publish(pace.due(room, publisher.published()));
        publisher.flush();
      }
      crowd.turn(1);
      crowd.checkWhole();
      if (System.nanoTime() - tend > TEND_NANOS) {
        tend = System.nanoTime();
        replaceOneThatWasCutOff();
      }
    }
  }

  /** One at a time, and without waiting: opening sockets is not to be what is measured. */
  private void replaceOneThatWasCutOff() throws IOException {
    for (LoadSocket one : List.copyOf(coming)) {
      if (one.isOpen()) {
        coming.remove(one);
        crowd.stall(one);
        stalled.add(one);
      }
    }
    for (int i = 0; i < LOOKED_AT && !stalled.isEmpty(); i++) {
      LoadSocket one = stalled.removeFirst();
      if (one.isCutOff()) {
        cutOff++;
        crowd.drop(one);
        coming.add(stalling(cutOff));
        return;
      }
      stalled.addLast(one);
    }
  }

  @Override
  public void close() throws IOException {
    crowd.close();
  }
}
