package dev.realtime4j.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an application takes in with the client, and that a runtime of its own can be made of it.
 */
class FootprintIT {
  private static final String MODULE_INFO =
      """
      module app {
        requires dev.realtime4j.client;
      }
      """;

  private static final String MAIN =
      """
      package app;

      import dev.realtime4j.client.RealtimeClient;
      import java.net.URI;
      import java.util.concurrent.CompletableFuture;

      public final class Main {
        public static void main(String[] args) {
          CompletableFuture<String> title = new CompletableFuture<>();
          try (RealtimeClient client =
              RealtimeClient.builder().endpoint(URI.create(args[0])).token(args[1]).build()) {
            client.notifications().onNew(one -> title.complete(one.content().title()));
            client.connect().join();
            System.out.println("connected");
            System.out.println(title.join());
          }
        }
      }
      """;

  @TempDir Path work;

  /** The client's module and all that it needs besides the JDK. */
  private static Set<ResolvedModule> needed() {
    Path[] jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .filter(
                entry ->
                    entry.matches(
                        ".*(realtime-(api|client)|WebSocket|slf4j-api|jackson-core|jspecify).*"))
            .map(Path::of)
            .toArray(Path[]::new);
    Configuration all =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(jars), ModuleFinder.of(), Set.of("dev.realtime4j.client"));
    return all.modules();
  }

  private static Path jar(ResolvedModule module) {
    return Path.of(module.reference().location().orElseThrow());
  }

  @Test
  void the_client_brings_a_websocket_a_json_parser_and_a_logging_facade_and_nothing_else()
      throws IOException {
    assertThat(needed())
        .extracting(ResolvedModule::name)
        .containsExactlyInAnyOrder(
            "dev.realtime4j.client",
            "dev.realtime4j.api",
            "org.java_websocket",
            "com.fasterxml.jackson.core",
            "org.slf4j",
            "org.jspecify");
    long bytes = 0;
    for (ResolvedModule module : needed()) {
      bytes += Files.size(jar(module));
    }
    assertThat(bytes / 1024).as("KiB of all its jars; README.md names it").isLessThan(1_225);
  }

  @Test
  void a_small_application_with_a_runtime_of_its_own_connects_and_hears() throws Exception {
    String modules =
        needed().stream()
            .map(FootprintIT::jar)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Path classes = work.resolve("classes");
    run(
        "javac",
        "-p",
        modules,
        "-d",
        classes.toString(),
        source("module-info.java", MODULE_INFO),
        source("app/Main.java", MAIN));
    Path image = work.resolve("image");
    run(
        "jlink",
        "--module-path",
        modules + File.pathSeparator + classes,
        "--add-modules",
        "app",
        "--launcher",
        "app=app/app.Main",
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        image.toString());

    UserId user = new UserId(UUID.randomUUID());
    try (TwoNodes nodes = new TwoNodes()) {
      URI endpoint = URI.create("ws://127.0.0.1:" + nodes.node(0).port() + "/ws");
      Process app =
          new ProcessBuilder(
                  image.resolve("bin/app").toString(), endpoint.toString(), user.toString())
              .redirectError(work.resolve("errors").toFile())
              .start();
      try (var out = app.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("connected");
        nodes
            .node(0)
            .notifications()
            .send(NewNotification.to(user).title("in a small box").build());
        assertThat(out.readLine()).isEqualTo("in a small box");
        assertThat(app.waitFor(20, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
        assertThat(app.exitValue()).isZero();
      } finally {
        app.destroyForcibly();
      }
    }
  }

  private String source(String name, String text) throws IOException {
    Path file = work.resolve("src").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private static void run(String tool, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    int status =
        ToolProvider.findFirst(tool)
            .orElseThrow(() -> new IllegalStateException("a JDK has " + tool))
            .run(System.out, System.err, command.toArray(new String[0]));
    assertThat(status).as(tool + " " + command).isZero();
  }
}
