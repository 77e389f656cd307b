package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A logger is called the same everywhere, and after the class that it is in. */
class LoggerNamesTest {
  private static final Pattern LOGGER =
      Pattern.compile("static (?:final )?Logger (\\w+)\\s*=[^;]*getLogger\\(([^)]+)\\)");

  @Test
  void every_logger_is_log() {
    assertThat(loggers(1))
        .hasSizeGreaterThan(70)
        .filteredOn(logger -> !logger.endsWith(" log"))
        .isEmpty();
  }

  @Test
  void a_class_logs_under_its_own_name() {
    assertThat(loggers(2))
        .hasSizeGreaterThan(70)
        .filteredOn(logger -> logger.endsWith(".class"))
        .filteredOn(logger -> !logger.split(" ")[1].equals(logger.split("\\.java ")[0] + ".class"))
        .isEmpty();
  }

  /** For each logger its file, a space, and a part of its declaration. */
  private static List<String> loggers(int part) {
    return Project.sources().stream().flatMap(file -> loggers(file, part)).toList();
  }

  private static Stream<String> loggers(Path file, int part) {
    return LOGGER
        .matcher(Project.text(file))
        .results()
        .map(logger -> file.getFileName() + " " + logger.group(part));
  }
}
