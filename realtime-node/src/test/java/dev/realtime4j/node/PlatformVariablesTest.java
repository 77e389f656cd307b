package dev.realtime4j.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node beside Services and linked containers whose names begin as its settings do. */
final class PlatformVariablesTest {
  private static final Map<String, String> OURS =
      Map.of("REALTIME_JWT_SECRET", "a secret of more than thirty-two bytes");

  /** As the kubelet writes them (pkg/kubelet/envvars). */
  private static Map<String, String> service(
      String name, String address, String protocol, int... ports) {
    String prefix = name.toUpperCase(Locale.ROOT).replace('-', '_');
    String host = address.contains(":") ? "[" + address + "]" : address;
    Map<String, String> environment = new HashMap<>(OURS);
    environment.put(prefix + "_SERVICE_HOST", address);
    environment.put(prefix + "_SERVICE_PORT", String.valueOf(ports[0]));
    environment.put(prefix + "_SERVICE_PORT_WEB_SOCKET", String.valueOf(ports[0]));
    environment.put(prefix + "_PORT", protocol + "://" + host + ":" + ports[0]);
    for (int port : ports) {
      String each = prefix + "_PORT_" + port + "_" + protocol.toUpperCase(Locale.ROOT);
      environment.put(each, protocol + "://" + host + ":" + port);
      environment.put(each + "_PROTO", protocol);
      environment.put(each + "_PORT", String.valueOf(port));
      environment.put(each + "_ADDR", address);
    }
    return environment;
  }

  @ParameterizedTest
  @CsvSource({
    "realtime, 10.96.0.17, tcp",
    "realtime, fd00:10:96::a1, tcp",
    "realtime-ws, 10.96.0.17, tcp",
    "realtime-http, fd00:10:96::a1, tcp",
    "realtime-metrics, 10.96.0.17, tcp",
    "realtime-redis, 10.96.0.17, udp",
    "realtime-2-media-relay, 10.96.0.17, sctp",
  })
  void it_starts_beside_any_service_and_says_once_what_it_ignores(
      String name, String address, String protocol) {
    NodeSettings settings = NodeSettings.read(service(name, address, protocol, 8080, 9));

    assertThat(settings.wsPort()).isEqualTo(8080);
    assertThat(settings.httpPort()).isEqualTo(8081);
    assertThat(settings.metricsPort()).isNull();
    assertThat(settings.notice())
        .contains("links " + name + ": REALTIME", "enableServiceLinks: false")
        .hasLineCount(1);
  }

  @Test
  void a_port_that_the_platform_took_is_told_with_the_one_that_is_used() {
    Map<String, String> environment = service("realtime-ws", "10.0.0.1", "tcp", 8080);
    environment.putAll(service("realtime-http", "10.0.0.2", "tcp", 80));
    environment.putAll(service("realtime-metrics", "10.0.0.3", "tcp", 9090));

    assertThat(NodeSettings.read(environment).notice())
        .contains("links realtime-http, realtime-metrics, realtime-ws: ", "more;")
        .contains("REALTIME_WS_PORT is one of them: WebSockets are on port 8080")
        .contains("REALTIME_HTTP_PORT is one of them: the HTTP API is on port 8081")
        .contains("REALTIME_METRICS_PORT is one of them: there is no port for figures")
        .hasLineCount(1);
  }

  @Test
  void a_port_that_the_pod_sets_is_no_longer_the_platform_s() {
    Map<String, String> environment = service("realtime-ws", "10.0.0.1", "tcp", 8080);
    environment.put("REALTIME_WS_PORT", "9000");
    NodeSettings settings = NodeSettings.read(environment);

    assertThat(settings.wsPort()).isEqualTo(9000);
    assertThat(settings.notice()).doesNotContain("is one of them");
  }

  @Test
  void it_starts_beside_a_linked_container() {
    Map<String, String> environment = new HashMap<>(OURS);
    environment.put("REALTIME_WS_NAME", "/app/realtime-ws");
    environment.put("REALTIME_WS_PORT", "tcp://172.17.0.5:8080");
    environment.put("REALTIME_WS_PORT_8080_TCP", "tcp://172.17.0.5:8080");
    environment.put("REALTIME_WS_PORT_8080_TCP_START", "tcp://172.17.0.5:8080");
    environment.put("REALTIME_WS_PORT_8080_TCP_PORT_END", "8082");
    environment.put("REALTIME_WS_ENV_JAVA_VERSION", "17");
    environment.put("REALTIME_WS_ENV_REALTIME_JWT_SECRET", "hush\nhush");
    environment.put("REALTIME_NAME", "/app/realtime");
    environment.put("REALTIME_ENV_PATH", "/bin");

    assertThat(NodeSettings.read(environment).notice())
        .contains("links realtime, realtime-ws: ")
        .doesNotContain("hush")
        .hasLineCount(1);
  }

  @Test
  void nothing_is_said_where_there_is_nothing() {
    assertThat(NodeSettings.read(OURS).notice()).isNull();
    Map<String, String> others = new HashMap<>(OURS);
    others.put("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    others.put("REALTIMES_PORT", "tcp://10.96.0.1:1");
    assertThat(NodeSettings.read(others).notice()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "REALTIME_SERVICE_HOTS, 10.0.0.1",
    "REALTIME_SERVICE_HOST, example.org/path",
    "REALTIME_SERVICE_PORT, http",
    "REALTIME_PORT, 8080",
    "REALTIME_PORT, http://10.0.0.1:80",
    "REALTIME_PORT_8080_TCP, 8080",
    "REALTIME_PORT_8080_TCP_PROTO, http",
    "REALTIME_PORT_TCP, tcp://10.0.0.1:80",
    "REALTIME_WS_NAME, node-7",
    "REALTIME_ENV_PATH, /bin",
    "REALTIME_WSS_PORT, 8080",
    "REALTIME_SERVER_NAME, a",
  })
  void what_only_resembles_them_is_refused_as_any_unknown_setting(String name, String value) {
    Map<String, String> environment = new HashMap<>(OURS);
    environment.put(name, value);

    assertThatThrownBy(() -> NodeSettings.read(environment))
        .isInstanceOf(UnfitSettingException.class)
        .hasMessageStartingWith(name + " is no setting of this node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://10.0.0.1:80", "10.0.0.1:80", "tcp:80"})
  void a_port_that_is_neither_ours_nor_the_platform_s_is_refused(String value) {
    Map<String, String> environment = new HashMap<>(OURS);
    environment.put("REALTIME_WS_PORT", value);

    assertThatThrownBy(() -> NodeSettings.read(environment))
        .hasMessageStartingWith("REALTIME_WS_PORT is \"" + value);
  }

  /** The manifest of the docs, as far as a node can tell: its variables. */
  @Test
  void a_node_starts_with_the_variables_of_the_documented_manifest() throws IOException {
    String page = Files.readString(Path.of("../docs/operations.md"));
    Matcher manifest =
        Pattern.compile("```yaml\n(apiVersion: .*?)```", Pattern.DOTALL).matcher(page);
    assertThat(manifest.find()).isTrue();
    assertThat(manifest.group(1)).contains("enableServiceLinks: false", "readinessProbe:");
    Map<String, String> environment = new HashMap<>();
    Matcher variable =
        Pattern.compile("- name: (REALTIME_\\w+)\n\\s+(value: \"(.*)\"|valueFrom: .*)")
            .matcher(manifest.group(1));
    while (variable.find()) {
      String value = variable.group(3);
      environment.put(variable.group(1), value == null ? secret(variable.group(1)) : value);
    }

    NodeSettings settings = NodeSettings.read(environment);

    assertThat(environment).hasSizeGreaterThan(5);
    assertThat(settings.database()).isNotNull();
    assertThat(settings.redis()).isNotNull();
    assertThat(manifest.group(1)).contains("containerPort: " + settings.wsPort());
    assertThat(manifest.group(1)).contains("containerPort: " + settings.httpPort());
    assertThat(manifest.group(1)).contains("port: " + settings.httpPort() + " }");
  }

  /** What a Secret, or the name of the pod, would be. */
  private static String secret(String variable) {
    return switch (variable) {
      case "REALTIME_SERVER_ID" -> "realtime-5d4f8c7b9-x2x7k";
      case "REALTIME_REDIS_URL" -> "redis://default:hush@redis:6379/0";
      default -> "hush";
    };
  }
}
