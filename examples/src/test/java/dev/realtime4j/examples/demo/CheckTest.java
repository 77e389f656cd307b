package dev.realtime4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CheckTest {
  @Test
  void the_story_goes_well_and_says_so_with_its_figures() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int code =
        new Check(SharedStage.STAGE, new PrintStream(out, true, StandardCharsets.UTF_8)).run();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("sent 7, stored 7 (SQL), delivered 7 (to every device), duplicates 0")
        .doesNotContain("FAILED");
    assertThat(code).isZero();
  }
}
