package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.server.RealtimeServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The papers say what the code says. */
class ReadmeTest {
  private static final Path ROOT = root();
  private static final Path QUICKSTART =
      ROOT.resolve("examples/src/main/java/dev/realtime4j/examples/quickstart");
  private static final Pattern SAMPLE =
      Pattern.compile("(?ms)^ *// (readme|docs):begin\\R(.*?)^ *// \\1:end$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");

  @Test
  void the_readme_holds_exactly_the_lines_of_the_server_quickstart() {
    assertThat(samples(QUICKSTART.resolve("ServerQuickstart.java")))
        .hasSize(2)
        .allSatisfy(sample -> assertThat(text(ROOT.resolve("README.md"))).contains(sample));
  }

  @Test
  void the_readme_holds_exactly_the_lines_of_the_client_quickstart() {
    assertThat(samples(QUICKSTART.resolve("ClientQuickstart.java")))
        .hasSize(1)
        .allSatisfy(sample -> assertThat(text(ROOT.resolve("README.md"))).contains(sample));
  }

  @ParameterizedTest
  @CsvSource({
    "jdbi, SpringTransaction, notifications",
    "jdbi, JtaTransaction, notifications",
    "jdbi, ShedReadOnly, operations",
    "server, NumberedUsers, security"
  })
  void a_page_holds_exactly_the_class_for_applications_that_is_tested(
      String module, String name, String page) {
    Path tests = Path.of("realtime-" + module, "src/test/java/dev/realtime4j", module);
    Path tested = tests.resolve(name + ".java");
    String imports =
        text(ROOT.resolve(tested))
            .lines()
            .filter(line -> line.startsWith("import ") && !line.startsWith("import java"))
            .collect(Collectors.joining("\n"));
    assertThat(samples(ROOT.resolve(tested)))
        .hasSize(1)
        .allSatisfy(
            sample ->
                assertThat(text(ROOT.resolve("docs/" + page + ".md")))
                    .contains("```java\n" + imports + "\n\n" + sample));
  }

  @Test
  void the_page_about_stores_holds_exactly_the_contracts_that_are_run() {
    Path tested =
        Path.of(
            "realtime-server/src/test/java/dev/realtime4j/server/memory/StoreContractsSampleTest.java");
    assertThat(samples(ROOT.resolve(tested)))
        .hasSize(1)
        .allSatisfy(
            sample ->
                assertThat(text(ROOT.resolve("docs/implementing-a-store.md"))).contains(sample));
  }

  @Test
  void every_relative_link_leads_to_a_file_and_to_a_heading_in_it() {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      LINK.matcher(FENCE.matcher(text(page)).replaceAll(""))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.contains("://"))
          .filter(link -> !leadsSomewhere(page, link))
          .forEach(link -> broken.add(ROOT.relativize(page) + " → " + link));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void every_page_of_docs_is_on_the_map_of_the_readme() {
    String readme = text(ROOT.resolve("README.md"));
    assertThat(pages())
        .filteredOn(page -> page.startsWith(ROOT.resolve("docs")))
        .isNotEmpty()
        .allSatisfy(page -> assertThat(readme).contains("(docs/" + page.getFileName() + ")"));
  }

  @Test
  void every_setting_of_the_builder_is_on_the_page_of_settings() {
    String page = text(ROOT.resolve("docs/settings.md"));
    assertThat(settings()).isNotEmpty().allSatisfy(name -> assertThat(page).contains(quoted(name)));
  }

  @Test
  void every_plain_setting_is_there_with_its_variable() {
    String page = text(ROOT.resolve("docs/settings.md"));
    Set<Class<?>> plain = Set.of(int.class, Duration.class, Set.class);
    List<String> names =
        builderMethods()
            .filter(method -> plain.contains(method.getParameterTypes()[0]))
            .map(Method::getName)
            .filter(name -> !name.equals("port")) // a node has two: REALTIME_WS_PORT and _HTTP_PORT
            .toList();
    assertThat(names)
        .isNotEmpty()
        .allSatisfy(
            name -> assertThat(page).contains(quoted(name) + " | " + quoted(variable(name))));
  }

  @Test
  void every_error_code_and_every_close_code_is_on_the_page_of_the_protocol() {
    String page = text(ROOT.resolve("docs/protocol.md"));
    assertThat(ErrorCode.values()).allSatisfy(code -> assertThat(page).contains(code.wire()));
    assertThat(CloseCode.values())
        .filteredOn(code -> code != CloseCode.ABNORMAL) // never sent
        .allSatisfy(code -> assertThat(page).contains("| " + code.value() + " |"));
  }

  private static List<String> samples(Path source) {
    return SAMPLE
        .matcher(text(source))
        .results()
        .map(sample -> sample.group(2).stripTrailing().stripIndent())
        .toList();
  }

  private static List<String> settings() {
    return builderMethods().map(Method::getName).distinct().toList();
  }

  private static Stream<Method> builderMethods() {
    return Arrays.stream(RealtimeServerBuilder.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .filter(method -> method.getReturnType() == RealtimeServerBuilder.class);
  }

  private static String variable(String setting) {
    return "REALTIME_" + setting.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }

  private static boolean leadsSomewhere(Path page, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** As GitHub makes them of headings. */
  private static List<String> anchors(Path page) {
    return HEADING
        .matcher(FENCE.matcher(text(page)).replaceAll(""))
        .results()
        .map((MatchResult heading) -> heading.group(1).toLowerCase(Locale.ROOT).strip())
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<Path> pages() {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Surefire runs in the module, an IDE perhaps above it. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.resolve("..").normalize();
  }
}
