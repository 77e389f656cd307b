package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One publisher, many subscribers, one server: for a while. */
final class FanoutRound {
  private static final Duration OPENING = Duration.ofSeconds(60);
  private static final Duration DRAINING = Duration.ofSeconds(10);

  private final Options options;
  private final Contender contender;
  private final Crowd crowd;
  private final Pace pace;
  private final List<LoadSocket> subscribers;
  private final Publisher publisher;

  private FanoutRound(Options options, Contender contender, Crowd crowd, Message message, Pace pace)
      throws IOException {
    this.options = options;
    this.contender = contender;
    this.crowd = crowd;
    this.pace = pace;
    this.subscribers = crowd.open(options.subscribers(), contender.subscribing(), pace, OPENING);
    List<LoadSocket> one = crowd.open(1, contender.greeting(), Arrivals.IGNORED, OPENING);
    crowd.checkWhole();
    this.publisher = new Publisher(one.get(0), contender.publishing(message));
  }

  static Result run(Options options, Contender contender) throws IOException {
    Message message = new Message(options.payload());
    try (ServerProcess server = ServerProcess.start(contender);
        Crowd crowd = new Crowd(server.address(), contender, message)) {
      if (options.rate() == 0) {
        Pace pace = new InFlight(options.inFlight(), options.subscribers());
        return new FanoutRound(options, contender, crowd, message, pace).measure(new Latencies());
      }
      FixedRate pace = new FixedRate(options.rate());
      return new FanoutRound(options, contender, crowd, message, pace).measure(pace.latencies());
    }
  }

  private Result measure(Latencies latencies) throws IOException {
    publishFor(options.warmedUp());
    pace.measureFrom(publisher.published());
    long messages = messages();
    long frames = frames();
    long begin = System.nanoTime();
    publishFor(options.measured());
    double seconds = (System.nanoTime() - begin) / 1e9;
    messages = messages() - messages;
    frames = frames() - frames;
    drain();
    return new Result(
        contender,
        messages / seconds,
        (double) messages / Math.max(1, frames),
        publisher.published(),
        messages(),
        latencies.percentile(50),
        latencies.percentile(99));
  }

  private void publishFor(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      publisher.publish(pace.due(publisher.published()));
      crowd.turn(publisher.flush() ? pace.patienceMillis(publisher.published()) : 1);
      crowd.checkWhole();
    }
  }

  /** Until all that was published has arrived, or it takes too long. */
  private void drain() throws IOException {
    long end = System.nanoTime() + DRAINING.toNanos();
    while (messages() < publisher.published() * subscribers.size() && System.nanoTime() < end) {
      publisher.flush();
      crowd.turn(1);
      crowd.checkWhole();
    }
  }

  private long messages() {
    return subscribers.stream().mapToLong(LoadSocket::messages).sum();
  }

  private long frames() {
    return subscribers.stream().mapToLong(LoadSocket::frames).sum();
  }
}
