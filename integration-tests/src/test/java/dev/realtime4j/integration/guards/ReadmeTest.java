package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.server.RealtimeServer;
import java.lang.reflect.Method;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The papers say what the code says. */
class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");

  @Test
  void every_relative_link_leads_to_a_file_and_to_a_heading_in_it() {
    List<String> broken = new ArrayList<>();
    for (Path page : Project.pages()) {
      LINK.matcher(FENCE.matcher(Project.text(page)).replaceAll(""))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !link.contains("://"))
          .filter(link -> !leadsSomewhere(page, link))
          .forEach(link -> broken.add(Project.ROOT.relativize(page) + " → " + link));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void every_page_of_docs_is_on_the_map_of_the_readme() {
    String readme = Project.text(Project.ROOT.resolve("README.md"));
    assertThat(Project.pages())
        .filteredOn(page -> page.startsWith(Project.ROOT.resolve("docs")))
        .isNotEmpty()
        .allSatisfy(page -> assertThat(readme).contains("(docs/" + page.getFileName() + ")"));
  }

  @Test
  void every_setting_of_the_builder_is_on_the_page_of_settings() {
    String page = Project.text(Project.ROOT.resolve("docs/settings.md"));
    assertThat(settings()).isNotEmpty().allSatisfy(name -> assertThat(page).contains(quoted(name)));
  }

  @Test
  void every_plain_setting_is_there_with_its_variable() {
    String page = Project.text(Project.ROOT.resolve("docs/settings.md"));
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
    String page = Project.text(Project.ROOT.resolve("docs/protocol.md"));
    assertThat(ErrorCode.values()).allSatisfy(code -> assertThat(page).contains(code.wire()));
    assertThat(CloseCode.values())
        .filteredOn(code -> code != CloseCode.ABNORMAL) // never sent
        .allSatisfy(code -> assertThat(page).contains("| " + code.value() + " |"));
  }

  private static List<String> settings() {
    return builderMethods().map(Method::getName).distinct().toList();
  }

  private static Stream<Method> builderMethods() {
    return Arrays.stream(RealtimeServer.Builder.class.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> method.getReturnType().isAssignableFrom(RealtimeServer.Builder.class));
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
        .matcher(FENCE.matcher(Project.text(page)).replaceAll(""))
        .results()
        .map((MatchResult heading) -> heading.group(1).toLowerCase(Locale.ROOT).strip())
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
