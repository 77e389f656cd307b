package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whatever an application can name has Javadoc: a sentence, each component of a record, each
 * checked exception. What stands in Javadoc is checked by the compiler.
 */
class DocumentedApiTest {
  private static final List<String> PUBLISHED =
      List.of(
          "realtime-api",
          "realtime-client",
          "realtime-contract",
          "realtime-jdbi",
          "realtime-node",
          "realtime-server",
          "realtime-testkit");

  @Test
  void everything_that_an_application_can_name_is_documented() {
    List<Path> files =
        Project.sources().stream()
            .filter(file -> PUBLISHED.contains(Project.ROOT.relativize(file).getName(0).toString()))
            .filter(
                file ->
                    file.toString().contains("/src/main/")
                        && !file.toString().contains("/internal/"))
            .toList();

    assertThat(files).hasSizeGreaterThan(300);
    assertThat(UndocumentedApi.in(files)).isEmpty();
  }
}
