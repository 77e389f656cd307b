package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java block of the README and of docs/ stands, word for word, between {@code docs:begin} and
 * {@code docs:end} in a Java file of this project, so it is compiled there. What surrounds it in
 * the file is what a reader is taken to have. A block may join several of them, with an empty line
 * between; one that begins with imports shows all of its file but those of Java itself.
 */
class DocSamplesTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)\\n```$");
  private static final Pattern MARKED =
      Pattern.compile("(?ms)^ *// docs:begin\\n(.*?)^ *// docs:end$");
  private static final Pattern IMPORTS = Pattern.compile("(?s)((?:import [^\\n]*\\n)+)\\n(.*)");

  private record Sample(String imports, String text) {}

  private static final List<Sample> SAMPLES =
      Project.sources().stream().flatMap(DocSamplesTest::samples).toList();

  @Test
  void every_java_block_is_compiled() {
    List<String> blocks = blocks();
    assertThat(blocks).hasSizeGreaterThan(20);
    assertThat(blocks).filteredOn(block -> !isCompiled(block)).isEmpty();
  }

  @Test
  void every_sample_is_shown() {
    assertThat(SAMPLES)
        .extracting(Sample::text)
        .filteredOn(sample -> blocks().stream().noneMatch(block -> block.contains(sample)))
        .isEmpty();
  }

  private static boolean isCompiled(String block) {
    var imports = IMPORTS.matcher(block);
    return imports.matches()
        ? isCompiled(imports.group(1), imports.group(2))
        : isCompiled("", block);
  }

  private static boolean isCompiled(String imports, String block) {
    return SAMPLES.stream()
        .filter(sample -> imports.isEmpty() || sample.imports().equals(imports))
        .map(Sample::text)
        .anyMatch(
            sample ->
                block.equals(sample)
                    || block.startsWith(sample + "\n\n")
                        && isCompiled("", block.substring(sample.length() + 2)));
  }

  private static List<String> blocks() {
    return Project.pages().stream()
        .flatMap(page -> BLOCK.matcher(Project.text(page)).results())
        .map(block -> block.group(1))
        .toList();
  }

  private static Stream<Sample> samples(Path file) {
    String text = Project.text(file);
    String imports =
        text.lines()
            .filter(line -> line.startsWith("import ") && !line.startsWith("import java."))
            .filter(line -> !line.startsWith("import javax."))
            .collect(Collectors.joining("\n", "", "\n"));
    return MARKED
        .matcher(text)
        .results()
        .map(sample -> new Sample(imports, sample.group(1).stripTrailing().stripIndent()));
  }
}
