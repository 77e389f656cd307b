package dev.realtime4j.compatibility.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.realtime4j.client.RealtimeClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.embedded.RedisServer;

/**
 * An application on this Spring Boot, in a process of its own, with Boot's pool, transactions,
 * Flyway, meters and Redis client beside a node.
 */
class SpringBootTest {
  private static final String SECRET = "a secret of at least thirty-two bytes";

  @TempDir Path work;
  private final UUID user = UUID.randomUUID();
  private final BlockingQueue<String> titles = new LinkedBlockingQueue<>();
  private EmbeddedPostgres postgres;
  private RedisServer redis;
  private int redisPort;
  private Process application;
  private BufferedReader out;
  private BufferedWriter in;

  @BeforeEach
  void startServers() throws IOException {
    postgres = EmbeddedPostgres.start();
    try (ServerSocket free = new ServerSocket(0)) {
      redisPort = free.getLocalPort();
    }
    redis = RedisServer.newRedisServer().port(redisPort).setting("save \"\"").build();
    redis.start();
  }

  @AfterEach
  void stopServers() throws IOException {
    if (application != null) {
      application.destroyForcibly();
    }
    redis.stop();
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource({"jedis, JedisConnectionFactory", "lettuce, LettuceConnectionFactory"})
  void it_starts_sends_in_its_transactions_and_ends(String clientType, String factory)
      throws Exception {
    start(
        clientType.equals("jedis") ? allJars() : jarsOfWhoUsesLettuce(),
        "--spring.data.redis.client-type=" + clientType);
    int port = Integer.parseInt(answer());
    try (RealtimeClient client = client(port)) {
      client.notifications().onNew(one -> titles.add(one.content().title()));
      client.connect().get(30, TimeUnit.SECONDS);

      assertThat(ask("ship " + user + " first")).isEqualTo("shipped");
      assertThat(titles.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
      assertThat(ask("fail " + user + " second")).isEqualTo("out of stock");
      assertThat(ask("ship " + user + " third")).isEqualTo("shipped");
      assertThat(titles.poll(30, TimeUnit.SECONDS)).isEqualTo("third");
      assertThat(ask("orders")).isEqualTo("2");
      assertThat(ask("sockets")).isEqualTo("1.0");
      assertThat(ask("redis")).isEqualTo(factory + " open");
      assertThat(ask("histories"))
          .isEqualTo("[public.flyway_schema_history, realtime.realtime_schema_history]");
    }

    assertThat(ask("close")).as("threads that were left").isEqualTo("[]");
    assertThat(application.waitFor(20, TimeUnit.SECONDS)).as("the process ends").isTrue();
    assertThat(application.exitValue()).as(errors()).isZero();
    assertThat(errors()).as("warnings and errors").isEmpty();
  }

  @Test
  void a_flyway_bean_of_the_application_keeps_spring_boot_from_migrating() throws Exception {
    start(jarsOfWhoUsesLettuce(), "--shop.flyway-bean=true");
    assertThat(Integer.parseInt(answer())).isPositive();

    assertThat(ask("histories")).isEqualTo("[realtime.realtime_schema_history]");
  }

  @Test
  void a_signal_closes_the_node_before_the_process_ends() throws Exception {
    start(jarsOfWhoUsesLettuce());
    int port = Integer.parseInt(answer());
    try (RealtimeClient client = client(port)) {
      client.connect().get(30, TimeUnit.SECONDS);

      application.toHandle().destroy();

      assertThat(application.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(application.exitValue()).isEqualTo(128 + 15);
    }
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT close_code FROM realtime.connection_log")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).as("the client was told to come back").isEqualTo(1012);
    }
  }

  private RealtimeClient client(int port) throws Exception {
    return RealtimeClient.builder()
        .endpoint(URI.create("ws://127.0.0.1:" + port + "/ws"))
        .token(token())
        .build();
  }

  private static String allJars() {
    return System.getProperty("java.class.path");
  }

  /** Ours brings Jedis, but not what that brings: commons-pool2 would switch Lettuce to pooling. */
  private static String jarsOfWhoUsesLettuce() {
    return Arrays.stream(allJars().split(File.pathSeparator))
        .filter(
            jar ->
                !Path.of(jar).getFileName().toString().matches("(commons-pool2|json|gson)-[0-9].*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void start(String classPath, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                ShopApplication.class.getName(),
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--spring.data.redis.port=" + redisPort,
                "--realtime.redis=redis://localhost:" + redisPort,
                "--realtime.secret=" + SECRET));
    command.addAll(List.of(more));
    application =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectError(work.resolve("errors").toFile())
            .start();
    out = application.inputReader(StandardCharsets.UTF_8);
    in = application.outputWriter(StandardCharsets.UTF_8);
  }

  private String ask(String command) throws IOException {
    in.write(command + "\n");
    in.flush();
    return answer();
  }

  /** What the application answers; all else that it prints is a warning, and fails the test. */
  private String answer() throws IOException {
    String line = out.readLine();
    assertThat(line).as(errors()).startsWith("app: ");
    return line.substring("app: ".length());
  }

  private String errors() throws IOException {
    return Files.readString(work.resolve("errors"));
  }

  private String token() throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(user.toString())
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    token.sign(new MACSigner(SECRET));
    return token.serialize();
  }
}
