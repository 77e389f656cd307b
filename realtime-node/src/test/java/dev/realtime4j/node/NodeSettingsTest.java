package dev.realtime4j.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.ProxyProtocol;
import dev.realtime4j.server.RealtimeServer;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void each_port_may_be_at_an_address_of_its_own() throws Exception {
    NodeSettings.Addresses addresses =
        NodeSettings.read(
                with("REALTIME_WS_ADDRESS", "10.0.0.7", "REALTIME_METRICS_ADDRESS", "[::1]"))
            .addresses();

    assertThat(addresses.ws()).isEqualTo(InetAddress.getByName("10.0.0.7"));
    assertThat(addresses.http()).isNull();
    assertThat(addresses.metrics()).isEqualTo(InetAddress.getByName("::1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REALTIME_WS_PORT            | 70000          | port from 1 to 65535",
        "REALTIME_HTTP_PORT          | http           | port from 1 to 65535",
        "REALTIME_METRICS_PORT       | -1             | port from 1 to 65535",
        "REALTIME_WS_ADDRESS         | localhost      | leave it out for every address",
        "REALTIME_HTTP_ADDRESS       | 127.0.0.1:8081 | in numbers",
        "REALTIME_METRICS_ADDRESS    | 224.0.0.1      | an address of this machine",
        "REALTIME_SERVER_ID          | node 7         | 1 to 64 characters",
        "REALTIME_JWT_SECRET         | too-short-hush | at least 32 bytes",
        "REALTIME_REDIS_URL          | hush@redis     | redis://",
        "REALTIME_REDIS_URL          | http://hush@r  | redis://",
        "REALTIME_REDIS_URL          | redis://a b    | redis://",
        "REALTIME_JDBC_URL           | mysql://hush   | jdbc:postgresql://",
        "REALTIME_JDBC_URL           | jdbc:oracle:hush | jdbc:postgresql://",
        "REALTIME_ROOM_PUBLISH       | yes            | true or false",
        "REALTIME_HEARTBEAT_INTERVAL | 25             | 25s",
        "REALTIME_HEARTBEAT_INTERVAL | soon           | 25s",
        "REALTIME_HEARTBEATS         | 25s            | no setting of this node",
        "REALTIME_HEARTBEAT_INTERVAL | 0s             | heartbeatInterval",
        "REALTIME_MAX_ROOM_SIZE      | many           | whole number",
        "REALTIME_MAX_ROOM_SIZE      | +5             | whole number",
        "REALTIME_MAX_ROOM_SIZE      | \u0665          | whole number",
        "REALTIME_MAX_ROOM_SIZE      | 99999999999    | whole number",
        "REALTIME_MAX_ROOM_SIZE      | -1             | whole number",
        "REALTIME_MAX_ROOM_SIZE      | 0              | maxRoomSize",
        "REALTIME_PROXY_PROTOCOL     | on             | off or required",
        "REALTIME_PROXY_PROTOCOL     | required       | REALTIME_TRUSTED_PROXIES",
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
                + " bytes, or instead REALTIME_JWT_PUBLIC_KEY_FILE or REALTIME_JWT_JWKS_URL for"
                + " RS256 and ES256");
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
    Set<Class<?>> kinds = Set.of(Duration.class, int.class, Set.class, ProxyProtocol.class);
    List<String> settings =
        Arrays.stream(RealtimeServer.Builder.class.getMethods())
            .filter(method -> method.getDeclaringClass() != Object.class)
            .filter(method -> method.getParameterCount() == 1)
            .filter(method -> kinds.contains(method.getParameterTypes()[0]))
            .map(Method::getName)
            .distinct()
            .filter(name -> !name.equals("port")) // REALTIME_WS_PORT
            .map(name -> name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
            .toList();

    assertThat(Arrays.stream(ServerSetting.values()).map(Enum::name))
        .containsExactlyInAnyOrderElementsOf(settings);
  }

  private static void assertRefused(String variable, String remedy, String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    assertThatThrownBy(() -> NodeSettings.read(environment))
        .isInstanceOf(UnfitSettingException.class)
        .hasMessageStartingWith(variable + " ")
        .hasMessageContaining(remedy)
        .message()
        .hasLineCount(1)
        .doesNotContain("hush", SECRET);
  }

  @Test
  void secrets_may_come_from_files(@TempDir Path here) throws Exception {
    Path secret = Files.writeString(here.resolve("jwt"), SECRET + "\n");
    Path redis = Files.writeString(here.resolve("redis"), "redis://:hush@redis.example\n");
    Path password = Files.writeString(here.resolve("db"), "hush hush\n");

    NodeSettings settings =
        NodeSettings.read(
            Map.of(
                "REALTIME_JWT_SECRET_FILE", secret.toString(),
                "REALTIME_REDIS_URL_FILE", redis.toString(),
                "REALTIME_JDBC_URL", "jdbc:postgresql:x",
                "REALTIME_JDBC_PASSWORD_FILE", password.toString()));

    assertThat(settings.redis()).hasHost("redis.example");
    assertThat(settings.database())
        .isEqualTo(new NodeSettings.Database("jdbc:postgresql:x", null, "hush hush", "realtime"));
  }

  @Test
  void a_file_of_a_secret_that_cannot_be_used_is_named(@TempDir Path here) throws Exception {
    Path empty = Files.writeString(here.resolve("empty"), " \n");
    for (String file : List.of(here.resolve("hush").toString(), empty.toString(), "/")) {
      assertRefused("REALTIME_JWT_SECRET_FILE", "tells no file", "REALTIME_JWT_SECRET_FILE", file);
    }
    assertRefused(
        "REALTIME_JWT_SECRET",
        "REALTIME_JWT_SECRET_FILE are both set: remove one",
        "REALTIME_JWT_SECRET",
        SECRET,
        "REALTIME_JWT_SECRET_FILE",
        empty.toString());
  }

  @Test
  void tokens_may_be_checked_with_public_keys_or_a_key_set(@TempDir Path here) throws Exception {
    Path key = publicKey(here.resolve("key.pem"));
    Path next = publicKey(here.resolve("next.pem"));
    String keys = key + ", " + next;

    assertThat(NodeSettings.read(Map.of("REALTIME_JWT_PUBLIC_KEY_FILE", keys)).tokens())
        .isNotNull();
    assertThat(
            NodeSettings.read(
                    Map.of(
                        "REALTIME_JWT_JWKS_URL", "https://login.example/jwks",
                        "REALTIME_JWT_ISSUER", "https://login.example",
                        "REALTIME_JWT_AUDIENCE", "realtime",
                        "REALTIME_JWT_CLOCK_SKEW", "30s"))
                .tokens())
        .isNotNull();
  }

  @Test
  void what_contradicts_itself_about_tokens_is_refused_with_the_remedy(@TempDir Path here)
      throws Exception {
    String key = publicKey(here.resolve("key.pem")).toString();
    String hush = Files.writeString(here.resolve("hush.pem"), "hush").toString();
    assertRefused(
        "REALTIME_JWT_SECRET",
        "REALTIME_JWT_JWKS_URL exclude each other: keep the one",
        "REALTIME_JWT_SECRET",
        SECRET,
        "REALTIME_JWT_JWKS_URL",
        "https://login.example/jwks");
    assertRefused(
        "REALTIME_JWT_PUBLIC_KEY_FILE",
        "exclude each other",
        "REALTIME_JWT_PUBLIC_KEY_FILE",
        key,
        "REALTIME_JWT_JWKS_URL",
        "https://login.example/jwks");
    assertRefused(
        "REALTIME_JWT_PUBLIC_KEY_FILE",
        "no public key in PEM",
        "REALTIME_JWT_PUBLIC_KEY_FILE",
        hush);
    assertRefused(
        "REALTIME_JWT_JWKS_URL", "use https", "REALTIME_JWT_JWKS_URL", "http://login.example/jwks");
    assertRefused("REALTIME_JWT_JWKS_URL", "no URL", "REALTIME_JWT_JWKS_URL", "https://hush hush");
    for (String skew : List.of("1h", "soon")) {
      assertRefused(
          "REALTIME_JWT_CLOCK_SKEW",
          skew.equals("soon") ? "25s" : "0 to 5 minutes",
          "REALTIME_JWT_SECRET",
          SECRET,
          "REALTIME_JWT_CLOCK_SKEW",
          skew);
    }
  }

  @Test
  void tls_takes_a_key_store_or_pem_files_whole_or_not_at_all(@TempDir Path here) throws Exception {
    String store = Certificates.keyStore(here.resolve("server.p12"), "dns:localhost").toString();
    String jwt = "REALTIME_JWT_SECRET";
    String keyStore = "REALTIME_TLS_KEY_STORE";
    String password = "REALTIME_TLS_KEY_STORE_PASSWORD";
    String certificate = "REALTIME_TLS_CERTIFICATE_FILE";
    String key = "REALTIME_TLS_PRIVATE_KEY_FILE";

    assertThat(NodeSettings.read(with()).tls()).isNull();
    assertThat(NodeSettings.read(with(keyStore, store, password, Certificates.PASSWORD)).tls())
        .isNotNull();
    assertRefused(password, "goes together with " + keyStore, jwt, SECRET, keyStore, store);
    assertRefused(keyStore, "goes together with " + password, jwt, SECRET, password, "hush");
    assertRefused(keyStore, "password is wrong", jwt, SECRET, keyStore, store, password, "hush");
    assertRefused(key, "goes together with " + certificate, jwt, SECRET, certificate, store);
    assertRefused(certificate, "goes together with " + key, jwt, SECRET, key, store);
    assertRefused(certificate, "no certificate", jwt, SECRET, certificate, store, key, store);
    assertRefused(
        keyStore,
        "give either a key store or PEM files",
        jwt,
        SECRET,
        keyStore,
        store,
        password,
        "hush",
        certificate,
        store);
  }

  private static Path publicKey(Path file) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    byte[] der = generator.generateKeyPair().getPublic().getEncoded();
    return Files.writeString(
        file,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n");
  }
}
