package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit of open files, and what it makes of {@code maxSockets}. */
final class OpenFilesTest {
  private static final String LOGGING =
      "<configuration><appender name='out' class='ch.qos.logback.core.ConsoleAppender'><encoder>"
          + "<pattern>%level %msg%n</pattern></encoder></appender>"
          + "<root level='INFO'><appender-ref ref='out'/></root></configuration>";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path here;

  @ParameterizedTest
  @CsvSource({
    "1,       1,     1",
    "256,     128,   128",
    "1024,    256,   768",
    "4096,    1024,  3072",
    "16384,   2048,  14336",
    "65536,   2048,  50000",
    "1048576, 2048,  50000",
  })
  void some_are_kept_for_the_rest_and_sockets_get_what_is_left(long limit, long kept, int sockets) {
    OpenFiles files = new OpenFiles(OptionalLong.of(limit));

    assertThat(files.socketsUpTo(50_000)).isEqualTo(sockets);
    if (limit > 1) {
      assertThat(files.kept()).isEqualTo(kept);
    }
  }

  @Test
  void without_a_limit_there_are_as_many_as_wanted() {
    assertThat(new OpenFiles(OptionalLong.empty()).socketsUpTo(50_000)).isEqualTo(50_000);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_node_has_the_sockets_that_its_process_has_files_for_and_says_why() throws Exception {
    assertThat(output(List.of(), "plain"))
        .contains("INFO", "maxSockets is 150", "may open 300 files", "150 of them", "ulimit -n")
        .contains("maxSockets=150, ")
        .doesNotContain("WARN");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void it_warns_of_more_sockets_than_files_and_names_the_remedy() throws Exception {
    assertThat(output(List.of(), "many-sockets"))
        .contains("WARN", "maxSockets is 1000", "may open 300 files", "ulimit -n", "LimitNOFILE")
        .contains("maxSockets=1000, ");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void without_the_modules_of_management_the_system_is_asked() throws Exception {
    String modules = "java.base,java.logging,java.naming,java.xml,jdk.httpserver";

    assertThat(output(List.of("--limit-modules", modules), "plain")).contains("maxSockets=150, ");
  }

  /** What a program prints and logs whose process may open 300 files. */
  private String output(List<String> options, String what)
      throws IOException, InterruptedException {
    Path logging = Files.writeString(here.resolve("logback.xml"), LOGGING);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "ulimit -n 300; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dlogback.configurationFile=" + logging);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServingProcess.class.getName(), "0", what));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().write("close\n".getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
