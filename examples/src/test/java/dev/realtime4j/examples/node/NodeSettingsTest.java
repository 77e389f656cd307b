package dev.realtime4j.examples.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.server.RealtimeServerBuilder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {
  private static final String SECRET = "a secret of more than thirty-two bytes";

  private static Map<String, String> with(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>(Map.of("REALTIME_JWT_SECRET", SECRET));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return environment;
  }

  @Test
  void a_secret_is_all_it_needs() {
    NodeSettings settings = NodeSettings.read(with("PATH", "/bin", "HOME", "/"));

    assertThat(settings.wsPort()).isEqualTo(8080);
    assertThat(settings.httpPort()).isEqualTo(8081);
    assertThat(settings.metricsPort()).isNull();
    assertThat(settings.redis()).isNull();
    assertThat(settings.database()).isNull();
    assertThat(settings.server()).isEmpty();
    assertThat(settings.serverId()).isNotEqualTo(NodeSettings.read(with()).serverId());
  }

  @Test
  void everything_can_be_given() {
    NodeSettings settings =
        NodeSettings.read(
            with(
                "REALTIME_WS_PORT", "0",
                "REALTIME_HTTP_PORT", "9000",
                "REALTIME_SERVER_ID", "node-7",
                "REALTIME_REDIS_URL", "redis://default:hush@redis.example:6380/2",
                "REALTIME_JDBC_URL", "jdbc:postgresql://db/app",
                "REALTIME_JDBC_USER", "app",
                "REALTIME_JDBC_PASSWORD", "hush",
                "REALTIME_SCHEMA", "push",
                "REALTIME_ROOM_PUBLISH", "true",
                "REALTIME_HEARTBEAT_INTERVAL", "500ms",
                "REALTIME_ALLOWED_ORIGINS", "https://a.example, https://b.example"));

    assertThat(settings.serverId()).isEqualTo(new ServerId("node-7"));
    assertThat(settings.redis()).hasHost("redis.example").hasPort(6380).hasPath("/2");
    assertThat(settings.database())
        .isEqualTo(new NodeSettings.Database("jdbc:postgresql://db/app", "app", "hush", "push"));
    assertThat(settings.server())
        .containsOnlyKeys(ServerSetting.HEARTBEAT_INTERVAL, ServerSetting.ALLOWED_ORIGINS);
    assertThat(settings.toString() + settings.database()).doesNotContain("hush", SECRET);
  }

  @Test
  void an_empty_variable_counts_as_not_given() {
    assertThat(NodeSettings.read(with("REALTIME_REDIS_URL", "", "REALTIME_WS_PORT", " ")).wsPort())
        .isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REALTIME_WS_PORT            | 70000          | port from 1 to 65535",
        "REALTIME_HTTP_PORT          | http           | port from 1 to 65535",
        "REALTIME_METRICS_PORT       | -1             | port from 1 to 65535",
        "REALTIME_SERVER_ID          | node 7         | 1 to 64 characters",
        "REALTIME_JWT_SECRET         | too-short-hush | at least 32 bytes",
        "REALTIME_REDIS_URL          | hush@redis     | redis://",
        "REALTIME_REDIS_URL          | redis://a b    | redis://",
        "REALTIME_JDBC_URL           | mysql://hush   | jdbc:postgresql://",
        "REALTIME_ROOM_PUBLISH       | yes            | true or false",
        "REALTIME_HEARTBEAT_INTERVAL | 25             | 25s",
        "REALTIME_HEARTBEAT_INTERVAL | 0s             | heartbeatInterval",
        "REALTIME_MAX_ROOM_SIZE      | many           | whole number",
        "REALTIME_MAX_ROOM_SIZE      | 99999999999    | whole number",
        "REALTIME_MAX_ROOM_SIZE      | 0              | maxRoomSize",
        "REALTIME_MAX_ROOMSIZE       | 10             | no setting of this node",
      })
  void a_variable_that_does_not_fit_is_named_with_its_remedy_in_one_line(
      String name, String value, String remedy) {
    assertThatThrownBy(() -> NodeSettings.read(with(name, value)))
        .isInstanceOf(UnfitSettingException.class)
        .hasMessageStartingWith(name + " ")
        .hasMessageContaining(remedy)
        .message()
        .hasLineCount(1)
        .doesNotContain("hush");
  }

  @Test
  void a_schema_name_must_be_one() {
    assertThatThrownBy(
            () ->
                NodeSettings.read(
                    with("REALTIME_JDBC_URL", "jdbc:postgresql:x", "REALTIME_SCHEMA", "a;b")))
        .hasMessageStartingWith("REALTIME_SCHEMA ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void a_missing_secret_is_asked_for(String secret) {
    assertThatThrownBy(() -> NodeSettings.read(Map.of("REALTIME_JWT_SECRET", secret)))
        .hasMessage(
            "REALTIME_JWT_SECRET is missing: set it to the HS256 secret of your tokens, at least 32"
                + " bytes");
  }

  @Test
  void durations_are_written_with_their_unit() {
    assertThat(List.of("500ms", "25s", "5m", "2h"))
        .map(Values::duration)
        .containsExactly(
            Duration.ofMillis(500),
            Duration.ofSeconds(25),
            Duration.ofMinutes(5),
            Duration.ofHours(2));
  }

  @Test
  void every_setting_of_the_builder_has_its_variable() {
    Set<Class<?>> kinds = Set.of(Duration.class, int.class, Set.class);
    List<String> settings =
        Arrays.stream(RealtimeServerBuilder.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getParameterCount() == 1)
            .filter(method -> kinds.contains(method.getParameterTypes()[0]))
            .map(Method::getName)
            .filter(name -> !name.equals("port")) // REALTIME_WS_PORT
            .map(name -> name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
            .toList();

    assertThat(Arrays.stream(ServerSetting.values()).map(Enum::name))
        .containsExactlyInAnyOrderElementsOf(settings);
  }
}
