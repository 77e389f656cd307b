package dev.realtime4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SnippetsTest {
  @Test
  void a_snippet_is_what_stands_between_its_markers_without_indentation() {
    String source =
        """
        class Any {
            // [one]
            if (so) {
              act();
            }
            // [/one]
            // [two]
            other();
            // [/two]
        }
        """;

    assertThat(Snippets.of(source))
        .containsEntry("one", "if (so) {\n  act();\n}")
        .containsEntry("two", "other();")
        .hasSize(2);
  }

  @Test
  void every_step_of_the_page_has_its_lines_of_java() throws IOException {
    String story = resource("/web/story.js");
    String[] steps =
        Pattern.compile("key: '([a-z-]+)'")
            .matcher(story)
            .results()
            .map((MatchResult match) -> match.group(1))
            .toArray(String[]::new);

    assertThat(steps).hasSizeGreaterThanOrEqualTo(8);
    assertThat(Snippets.all()).containsOnlyKeys(steps);
  }

  @Test
  void the_lines_are_the_ones_that_were_compiled() throws IOException {
    for (String source : new String[] {"Story.java", "DemoNode.java"}) {
      assertThat(resource("/demo-source/" + source))
          .isEqualTo(
              Files.readString(Path.of("src/main/java/dev/realtime4j/examples/demo", source)));
    }
  }

  @Test
  void no_line_is_too_wide_for_the_page() {
    assertThat(Snippets.all().values())
        .flatMap(snippet -> snippet.lines().toList())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(76));
  }

  private static String resource(String name) throws IOException {
    try (var in = SnippetsTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
