package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The one line that says what a node enforces. */
final class SettingsTest {
  /** Said elsewhere in the same line: the port that was opened. */
  private static final String PORT = "port";

  @Test
  void the_line_names_every_setting_with_its_value() throws IllegalAccessException {
    Settings settings = new Settings();
    List<String> expected = new ArrayList<>();
    int value = 10_001;
    for (Field field : Settings.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || field.getName().equals(PORT)) {
        continue;
      }
      value++;
      if (field.getType() == int.class) {
        field.setInt(settings, value);
        expected.add(field.getName() + "=" + value);
      } else if (field.getType() == Duration.class) {
        field.set(settings, Duration.ofMillis(value));
        expected.add(field.getName() + "=" + value + "ms");
      } else if (field.getType() == InetAddress.class) {
        field.set(settings, InetAddress.getLoopbackAddress());
        expected.add(field.getName() + "=127.0.0.1");
      } else if (field.getType().isEnum()) {
        expected.add(field.getName() + "=" + field.get(settings));
      } else {
        assertThat(field.getType()).as(field.getName()).isEqualTo(Set.class);
        field.set(settings, Set.of("one-" + value));
        expected.add(field.getName() + "=[one-" + value + "]");
      }
    }

    assertThat(expected).hasSizeGreaterThan(25);
    assertThat(settings.toString().split(", ")).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void a_node_says_all_its_limits_in_one_line_at_its_start() {
    try (CapturedLog log = CapturedLog.open();
        RealtimeServer server =
            RealtimeServer.builder()
                .port(0)
                .authenticator(new TestUsers())
                .maxSockets(4321)
                .build()
                .start()) {
      assertThat(log.from(Level.INFO))
          .filteredOn(line -> line.contains("serves on port " + server.port()))
          .singleElement()
          .asString()
          .contains("maxSockets=4321, ", "maxHandshakeBytes=16384", "outgoingBudgetBytes=1048576")
          .doesNotContain("\n");
    }
  }
}
