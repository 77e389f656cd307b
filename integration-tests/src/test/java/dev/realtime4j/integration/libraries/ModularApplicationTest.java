package dev.realtime4j.integration.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.fixtures.Postgres;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that are modules: compiled and run on a module path of exactly what they need. */
class ModularApplicationTest {
  private static final String OURS = "realtime-(api|server|jdbi|client|testkit)";

  /** What our modules require, and what these themselves need to run. */
  private static final String REQUIRED =
      "Java-WebSocket|slf4j-api|jackson-core|jspecify|tls-channel|uuid-creator|jdbi3-core"
          + "|geantyref|jedis|commons-pool2|postgresql-";

  private static final String OPTIONAL =
      "nimbus-jose-jwt|micrometer-|HdrHistogram|LatencyUtils|flyway-|jackson-|tools";

  /** Serves, and hears by its own client what it sends. */
  private static final String ROUND_TRIP =
      """
          UserId user = new UserId(UUID.randomUUID());
          CompletableFuture<String> title = new CompletableFuture<>();
          try (RealtimeServer server =
                  RealtimeServer.builder().port(0).authenticator(authenticator(user)).build().start();
              RealtimeClient client =
                  RealtimeClient.builder()
                      .endpoint(URI.create("ws://127.0.0.1:" + server.port() + "/ws"))
                      .token(token(user))
                      .build()) {
            client.notifications().onNew(one -> title.complete(one.content().title()));
            client.connect().join();
            server.notifications().send(NewNotification.to(user).title("by modules").build());
            say(title.join());
            more(server, args);
          }
      """;

  private static final String IMPORTS =
      """
      package app;

      import dev.realtime4j.api.UserId;
      import dev.realtime4j.api.auth.Authenticator;
      import dev.realtime4j.api.auth.Principal;
      import dev.realtime4j.api.notification.NewNotification;
      import dev.realtime4j.client.RealtimeClient;
      import dev.realtime4j.jdbi.JdbiNotificationRepository;
      import dev.realtime4j.jdbi.RealtimeSchema;
      import dev.realtime4j.server.RealtimeServer;
      import java.net.URI;
      import java.time.Instant;
      import java.util.Date;
      import java.util.Set;
      import java.util.UUID;
      import java.util.concurrent.CompletableFuture;
      import org.postgresql.ds.PGSimpleDataSource;
      """;

  private static final String MODULE_WITHOUT =
      """
      module app {
        requires dev.realtime4j.server;
        requires dev.realtime4j.jdbi;
        requires dev.realtime4j.client;
        requires org.postgresql.jdbc;
        requires java.naming;
      }
      """;

  private static final String WITHOUT =
      IMPORTS
          + """

          public final class Main {
            public static void main(String[] args) throws Exception {
          """
          + ROUND_TRIP
          + """
            }

            private static void say(Object what) {
              System.out.println("app: " + what);
            }

            static Authenticator authenticator(UserId user) {
              return handshake -> new Principal(user, Set.of(), null);
            }

            static String token(UserId user) {
              return "any";
            }

            static void more(RealtimeServer server, String[] args) {
              JdbiNotificationRepository.create(new PGSimpleDataSource());
              say(RealtimeSchema.DEFAULT.scripts().size() > 2);
            }
          }
          """;

  private static final String MODULE_WITH =
      MODULE_WITHOUT.replace(
          "}",
          """
            requires com.nimbusds.jose.jwt;
            requires micrometer.core;
          }
          """);

  private static final String WITH =
      IMPORTS
          + """
          import com.nimbusds.jose.JWSAlgorithm;
          import com.nimbusds.jose.JWSHeader;
          import com.nimbusds.jose.crypto.MACSigner;
          import com.nimbusds.jwt.JWTClaimsSet;
          import com.nimbusds.jwt.SignedJWT;
          import dev.realtime4j.server.jwt.JwtAuthenticator;
          import dev.realtime4j.server.metrics.RealtimeMetrics;
          import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

          public final class Main {
            private static final String SECRET = "a secret of at least thirty-two bytes";

            public static void main(String[] args) throws Exception {
          """
          + ROUND_TRIP
          + """
            }

            private static void say(Object what) {
              System.out.println("app: " + what);
            }

            static Authenticator authenticator(UserId user) {
              return JwtAuthenticator.hs256(SECRET);
            }

            static String token(UserId user) throws Exception {
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

            static void more(RealtimeServer server, String[] args) {
              SimpleMeterRegistry registry = new SimpleMeterRegistry();
              RealtimeMetrics.of(server).bindTo(registry);
              say(registry.get("realtime.sockets").gauge().value());
              PGSimpleDataSource database = new PGSimpleDataSource();
              database.setUrl(args[0]);
              RealtimeSchema.DEFAULT.migrate(database);
              say(
                  JdbiNotificationRepository.create(database)
                      .unreadCount(new UserId(UUID.randomUUID()))
                      .count());
            }
          }
          """;

  @TempDir Path work;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void one_without_the_optional_libraries_compiles_and_runs() throws Exception {
    String modules = modulePath(REQUIRED);
    compile(modules, MODULE_WITHOUT, WITHOUT);

    assertThat(run(modules)).containsExactly("by modules", "true");
  }

  @Test
  void one_with_the_optional_libraries_uses_them() throws Exception {
    String modules = modulePath(REQUIRED + "|" + OPTIONAL);
    compile(modules, MODULE_WITH, WITH);

    assertThat(run(modules, Postgres.url(Postgres.database())))
        .containsExactly("by modules", "1.0", "0");
  }

  @Test
  void one_that_is_only_a_client_needs_nothing_of_the_server() throws Exception {
    String modules = modulePath("Java-WebSocket|slf4j-api|jackson-core|jspecify");
    compile(
        modules,
        "module app { requires dev.realtime4j.client; requires dev.realtime4j.testkit; }",
        """
        package app;

        import dev.realtime4j.testkit.FakeRealtimeServer;

        public final class Main {
          public static void main(String[] args) {
            System.out.println("app: " + FakeRealtimeServer.class.getModule());
          }
        }
        """);

    assertThat(run(modules)).containsExactly("module dev.realtime4j.testkit");
  }

  /** Jars and exploded modules of the class path of this test. */
  private static String modulePath(String libraries) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            entry ->
                entry.matches(".*/" + OURS + "/target/classes/?")
                    || Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(" + OURS + "|" + libraries + ").*\\.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void compile(String modules, String moduleInfo, String main) throws IOException {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "--release",
                "17",
                "--module-path",
                modules,
                "-d",
                work.resolve("classes").toString(),
                source("module-info.java", moduleInfo),
                source("app/Main.java", main));
    assertThat(status).as(said.toString()).isZero();
  }

  private String source(String name, String text) throws IOException {
    Path file = work.resolve("src").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private List<String> run(String modules, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--module-path",
                modules + File.pathSeparator + work.resolve("classes"),
                "--module",
                "app/app.Main"));
    command.addAll(List.of(arguments));
    Path out = work.resolve("out");
    Path errors = work.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    processes.add(process);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readAllLines(out).stream()
        .filter(line -> line.startsWith("app: ")) // and not what libraries log
        .map(line -> line.substring("app: ".length()))
        .toList();
  }
}
