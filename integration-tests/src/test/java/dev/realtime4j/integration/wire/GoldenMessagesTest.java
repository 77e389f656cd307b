package dev.realtime4j.integration.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.integration.guards.Project;
import dev.realtime4j.protocol.FrameCodec;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The wire is a promise: each message is, byte for byte, as it is kept. A change that is meant is
 * accepted with {@code -Dgolden.accept=true}, and its diff reviewed as one of the protocol.
 */
class GoldenMessagesTest {
  private static final String ACCEPT = "golden.accept";

  /** For "any other name" and "any other" on the page: a method and an event of an application. */
  private static final Set<String> OF_THE_APPLICATION = Set.of("orders.list", "score.changed");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("`([a-z_.]+)`");
  private static final Pattern LITERAL =
      Pattern.compile(
          "\"(connected|token_expired|(?:auth|notification|presence|room|server)\\.[a-z_]+)\"");

  /** What looks like a message and is none: commands between nodes, and a name of a problem. */
  private static final Set<String> NO_MESSAGES =
      Set.of("room.recheck", "room.close", "presence.recheck", "server.id");

  @Test
  void every_message_is_as_it_is_kept() throws Exception {
    Map<String, String> told = new Story().told();
    told.keySet().removeIf(kind -> kind.endsWith("/orders.cancel")); // which gives the failure
    if (Boolean.getBoolean(ACCEPT)) {
      GoldenFiles.accept(told);
    }
    assertThat(told).containsExactlyInAnyOrderEntriesOf(GoldenFiles.all());
  }

  @Test
  void every_method_on_the_page_has_its_call_and_its_result_and_no_other_has() {
    Set<String> methods = onThePage("Methods");
    assertThat(kept("calls/")).isEqualTo(methods);
    methods.remove("notification.ack"); // which is sent without an id
    assertThat(kept("results/")).isEqualTo(methods);
  }

  @Test
  void every_event_on_the_page_is_kept_and_no_other_is() {
    assertThat(kept("events/")).isEqualTo(onThePage("Events"));
  }

  @Test
  void every_message_that_the_server_names_is_on_the_page() {
    Set<String> named =
        Project.sources().stream()
            .filter(file -> file.toString().matches(".*realtime-server.src.main.*"))
            .flatMap(file -> LITERAL.matcher(Project.text(file)).results())
            .map(literal -> literal.group(1))
            .filter(name -> !NO_MESSAGES.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> page = onThePage("Methods");
    page.addAll(onThePage("Events"));
    page.removeAll(OF_THE_APPLICATION);
    assertThat(named).isEqualTo(page);
  }

  @Test
  void every_message_is_read_and_written_again_as_it_was() {
    assertThat(GoldenFiles.all())
        .isNotEmpty()
        .allSatisfy(
            (kind, message) ->
                assertThat(FrameCodec.encode(FrameCodec.decode(message))).isEqualTo(message));
  }

  private static Set<String> kept(String directory) {
    return GoldenFiles.all().keySet().stream()
        .filter(kind -> kind.startsWith(directory))
        .map(kind -> kind.substring(directory.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names in the first column of a section's table. */
  private static Set<String> onThePage(String section) {
    String page = Project.text(Project.ROOT.resolve("docs/protocol.md"));
    String table = page.substring(page.indexOf("\n## " + section)).substring(1);
    String own = table.substring(0, table.indexOf("\n## "));
    Set<String> names =
        ROW.matcher(own)
            .results()
            .flatMap(row -> NAME.matcher(row.group(1)).results())
            .map(name -> name.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    names.add(section.equals("Methods") ? "orders.list" : "score.changed");
    return names;
  }
}
