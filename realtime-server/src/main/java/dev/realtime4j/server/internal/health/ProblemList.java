package dev.realtime4j.server.internal.health;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The problems of one node. */
public final class ProblemList implements Problems {
  private static final Logger log = LoggerFactory.getLogger(ProblemList.class);

  private final InstantSource clock;
  private final Map<String, Problem> current = new ConcurrentSkipListMap<>();

  /**
   * @param clock tells since when a problem is there
   */
  public ProblemList(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * One problem.
   *
   * @param name what it is about
   * @param since when it was reported first
   * @param message what is wrong, and what to do
   */
  public record Problem(String name, Instant since, String message) {}

  @Override
  public void report(String name, String message) {
    current.compute(
        name,
        (key, before) -> {
          if (before != null && before.message.equals(message)) {
            return before;
          }
          log.warn("Problem {}: {}", name, message);
          Instant since =
              before == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : before.since;
          return new Problem(name, since, message);
        });
  }

  @Override
  public void clear(String name) {
    if (current.containsKey(name)) { // The usual case costs no lock.
      current.computeIfPresent(
          name,
          (key, before) -> {
            log.info("Problem {} is over", name);
            return null;
          });
    }
  }

  /** What is wrong now, in the order of the names. */
  public List<Problem> current() {
    return new ArrayList<>(current.values());
  }
}
