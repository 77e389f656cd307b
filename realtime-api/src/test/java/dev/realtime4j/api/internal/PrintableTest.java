package dev.realtime4j.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Text of others in the log: on one line, short, and not again and again. */
class PrintableTest {
  @Test
  void what_ends_a_line_or_directs_a_terminal_is_escaped() {
    assertThat(Printable.of("a\r\nb\u001b[31m\u2028\u202e\u0085\ud800é 1"))
        .isEqualTo("a\\u000d\\u000ab\\u001b[31m\\u2028\\u202e\\u0085\\ud800é 1");
    assertThat(Printable.of(null)).isEqualTo("null");
  }

  @Test
  void what_is_long_loses_its_end() {
    assertThat(Printable.of("x".repeat(1 << 20)))
        .isEqualTo("x".repeat(Printable.LONGEST) + "… (1048576 characters)");
  }

  @Test
  void a_failure_is_named_by_class_and_place_without_its_message() {
    assertThat(Printable.place(new IllegalStateException("secret\n")))
        .startsWith("java.lang.IllegalStateException at ")
        .contains("PrintableTest")
        .doesNotContain("secret");
  }

  @Test
  void a_failure_with_its_frames_quotes_nobody() {
    Throwable harmless = new IllegalStateException("said", new IllegalArgumentException("too"));
    Throwable forging =
        new IllegalStateException("outer", new NumberFormatException("in\nERROR forged"));

    StringWriter trace = new StringWriter();
    PrintableFailure.of(forging).printStackTrace(new PrintWriter(trace));

    assertThat(PrintableFailure.of(harmless)).isSameAs(harmless);
    assertThat(trace.toString())
        .startsWith("java.lang.IllegalStateException: outer")
        .contains("Caused by: java.lang.NumberFormatException: in\\u000aERROR forged")
        .contains("PrintableTest")
        .doesNotContain("\nERROR");
  }

  @Test
  void each_kind_is_told_once_a_minute_with_how_many_were_left_out() {
    AtomicLong now = new AtomicLong();
    SeldomTold seldom = new SeldomTold(now::get);

    assertThat(seldom.now("a")).isEqualTo(OptionalLong.of(0));
    assertThat(seldom.now("a")).isEmpty();
    assertThat(seldom.now("a")).isEmpty();
    assertThat(seldom.now("b")).isEqualTo(OptionalLong.of(0));
    now.set(Duration.ofMinutes(1).toNanos());
    assertThat(seldom.now("a")).isEqualTo(OptionalLong.of(2));
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(seldom.now("a")).isEqualTo(OptionalLong.of(0));
  }
}
