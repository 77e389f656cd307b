package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a process lives that holds a server: each test with a process of its own. */
class ProcessLifetimeTest {
  /** Much less than the half minute after which idle pools let go of their threads. */
  private static final long SOON = 10;

  @TempDir Path work;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "started-by-a-daemon"})
  void it_serves_after_main_has_returned_until_it_is_closed(String kind) throws Exception {
    Process process = start(0, kind);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    int port = Integer.parseInt(out.readLine());
    assertThat(out.readLine()).isEqualTo("main has returned");

    for (int i = 0; i < 20; i++) {
      try (WireClient client = WireClient.openAt(port, TestUsers.some())) {
        client.call("room.join", Json.object("room", "lobby"));
      }
    }
    tell(process, "close");

    assertThat(out.readLine()).isEqualTo("closed");
    assertThat(process.waitFor(SOON, TimeUnit.SECONDS)).as("ends by itself").isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void a_drain_lets_it_end_too() throws Exception {
    Process process = start(0, "plain");
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    out.readLine();
    assertThat(out.readLine()).isEqualTo("main has returned");

    tell(process, "drain");

    assertThat(out.readLine()).isEqualTo("closed");
    assertThat(process.waitFor(SOON, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void a_signal_ends_it() throws Exception {
    Process process = start(0, "plain");
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    out.readLine();
    assertThat(out.readLine()).isEqualTo("main has returned");

    process.toHandle().destroy();

    assertThat(process.waitFor(SOON, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
  }

  @Test
  void a_start_that_fails_half_way_lets_it_end() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Process process = start(taken.getLocalPort(), "plain");

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();

      assertThat(process.exitValue()).as("main threw").isEqualTo(1);
      assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isNull();
    }
  }

  @Test
  void a_daemon_ends_with_main() throws Exception {
    Process process = start(0, "daemon");
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(Integer.parseInt(out.readLine())).isPositive();

    assertThat(process.waitFor(SOON, TimeUnit.SECONDS)).as("ends by itself").isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private Process start(int port, String kind) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServingProcess.class.getName(),
                String.valueOf(port),
                kind)
            .directory(work.toFile())
            .redirectError(work.resolve("errors").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private static void tell(Process process, String command) throws IOException {
    var in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(command + "\n");
    in.flush();
  }
}
