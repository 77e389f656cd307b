package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The public API is a promise: each change of it is seen, in the {@code api.txt} of its module, by
 * who reviews the change. Accept one with {@code -Dapi.accept=true}, and commit the file.
 */
final class PublicApiTest {
  private static final String ACCEPT = "api.accept";

  @TestFactory
  Stream<DynamicTest> the_public_api_is_the_reviewed_one() throws IOException {
    return PublicApi.onTheClassPath().stream()
        .map(api -> DynamicTest.dynamicTest(api.module(), () -> compare(api)));
  }

  @Test
  void all_library_modules_are_covered() throws IOException {
    assertThat(PublicApi.onTheClassPath())
        .extracting(PublicApi::module)
        .containsExactlyInAnyOrder(
            "dev.realtime4j.api",
            "dev.realtime4j.client",
            "dev.realtime4j.jdbi",
            "dev.realtime4j.server",
            "dev.realtime4j.testkit");
  }

  private static void compare(PublicApi api) throws IOException {
    Path file = reviewed(api.module());
    if (Boolean.getBoolean(ACCEPT)) {
      Files.write(file, api.lines());
      return;
    }
    List<String> reviewed = Files.exists(file) ? Files.readAllLines(file) : List.of();
    List<String> changes = new ArrayList<>();
    reviewed.stream()
        .filter(line -> !api.lines().contains(line))
        .forEach(l -> changes.add("- " + l));
    api.lines().stream()
        .filter(line -> !reviewed.contains(line))
        .forEach(l -> changes.add("+ " + l));
    if (!changes.isEmpty()) {
      fail(
          "The public API of %s is not that of %s:%n%s%nIf that is meant, run: mvn -pl"
              + " integration-tests -am test -Dtest=PublicApiTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true, review the file's diff, and"
              + " commit it with the change.",
          api.module(), file.getFileName(), String.join(System.lineSeparator(), changes), ACCEPT);
    }
  }

  /** {@code dev.realtime4j.server} is built in {@code realtime-server}. */
  private static Path reviewed(String module) {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(".mvn"))) {
      root = root.getParent();
      if (root == null) {
        throw new IllegalStateException("no directory above holds .mvn");
      }
    }
    return root.resolve("realtime-" + module.substring(module.lastIndexOf('.') + 1))
        .resolve("api.txt");
  }
}
