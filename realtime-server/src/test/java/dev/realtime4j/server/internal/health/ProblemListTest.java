package dev.realtime4j.server.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.realtime4j.server.CapturedLog;
import dev.realtime4j.server.internal.health.ProblemList.Problem;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProblemListTest {
  private final CapturedLog log = CapturedLog.open();
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final ProblemList problems = new ProblemList(() -> now);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void a_problem_is_there_until_it_is_cleared_and_logged_when_it_comes_and_goes() {
    Instant start = now;
    problems.report("clock.database", "the clock is slow; synchronise it");
    now = now.plusSeconds(60);
    problems.report("clock.database", "the clock is slow; synchronise it");
    problems.report("a.first", "something else");

    assertThat(problems.current())
        .containsExactly(
            new Problem("a.first", now, "something else"),
            new Problem("clock.database", start, "the clock is slow; synchronise it"));
    assertThat(log.from(Level.WARN))
        .containsExactly(
            "Problem clock.database: the clock is slow; synchronise it",
            "Problem a.first: something else");

    problems.clear("clock.database");
    problems.clear("clock.database");
    problems.clear("never.there");

    assertThat(problems.current()).extracting(Problem::name).containsExactly("a.first");
    assertThat(log.from(Level.INFO))
        .filteredOn(line -> line.endsWith(" is over"))
        .containsExactly("Problem clock.database is over");
  }

  @Test
  void another_sentence_replaces_the_one_before_and_keeps_its_time() {
    Instant start = now;
    problems.report("store", "no table");
    now = now.plusSeconds(60);
    problems.report("store", "no right");

    assertThat(problems.current()).containsExactly(new Problem("store", start, "no right"));
    assertThat(log.from(Level.WARN))
        .containsExactly("Problem store: no table", "Problem store: no right");
  }
}
