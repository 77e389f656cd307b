package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files and constructors stay small. What was larger when this rule came is listed: it may shrink,
 * and the list with it; nothing joins it.
 */
class SmallnessTest {
  private static final int MEDIAN = 70;
  private static final int NINE_OF_TEN = 200;
  private static final int LARGEST = 350;
  private static final int PARAMETERS = 6;

  /** Files, and how many lines they have. */
  private static final Map<String, Integer> LARGER =
      Map.of("ConnectionDriver", 377, "FakeRealtimeServer", 376);

  /** Classes with a constructor of more parameters. */
  private static final Set<String> MORE_PARAMETERS =
      Set.of(
          "ActiveConnection",
          "Attempts",
          "ClientSettings",
          "ConnectionDriver",
          "ConnectionLogEntry",
          "DeliveryQueue",
          "HttpServices",
          "NodeSettings",
          "Resync",
          "Router",
          "ServerStats",
          "Welcome");

  private static final Map<Path, Integer> LINES = lines();

  private static Map<Path, Integer> lines() {
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("README.md")) ? here : here.resolve("..").normalize();
    Map<Path, Integer> lines = new TreeMap<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path sources : modules.map(module -> module.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
              lines.put(sources.relativize(file), Files.readAllLines(file).size());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  @Test
  void half_of_the_files_have_at_most_70_lines_and_nine_of_ten_at_most_200() {
    List<Integer> sorted = LINES.values().stream().sorted().toList();

    assertThat(sorted).hasSizeGreaterThan(500);
    assertThat(sorted.get(sorted.size() / 2)).isLessThanOrEqualTo(MEDIAN);
    assertThat(sorted.get(sorted.size() * 9 / 10)).isLessThanOrEqualTo(NINE_OF_TEN);
  }

  @Test
  void no_file_is_too_large_but_those_that_were_and_they_do_not_grow() {
    Map<String, Integer> tooLarge =
        LINES.entrySet().stream()
            .filter(file -> file.getValue() > LARGEST)
            .collect(Collectors.toMap(file -> name(file.getKey()), Map.Entry::getValue));

    tooLarge.forEach(
        (name, lines) ->
            assertThat(lines)
                .as("lines of " + name)
                .isLessThanOrEqualTo(LARGER.getOrDefault(name, LARGEST)));
  }

  @Test
  void no_constructor_takes_seven_things_but_those_that_did() {
    assertThat(
            LINES.keySet().stream().flatMap(SmallnessTest::types).filter(SmallnessTest::asksMuch))
        .extracting(Class::getSimpleName)
        .isSubsetOf(MORE_PARAMETERS);
  }

  private static boolean asksMuch(Class<?> type) {
    try {
      return Arrays.stream(type.getDeclaredConstructors())
          .anyMatch(constructor -> constructor.getParameterCount() > PARAMETERS);
    } catch (NoClassDefFoundError optional) {
      return false; // It names a library, Spring, that is not here.
    }
  }

  /** The types of a file, of the modules that are on this class path. */
  private static Stream<Class<?>> types(Path file) {
    String type =
        file.toString().replace(".java", "").replace(file.getFileSystem().getSeparator(), ".");
    if (type.endsWith("-info") || type.contains(".benchmarks.") || type.contains(".contract.")) {
      return Stream.empty();
    }
    try {
      return withInner(Class.forName(type, false, SmallnessTest.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Class<?>> withInner(Class<?> type) {
    return Stream.concat(
        Stream.of(type),
        Arrays.stream(type.getDeclaredClasses()).flatMap(SmallnessTest::withInner));
  }
}
