package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An attack that runs in a process of its own, which gives way to all others. */
final class AttackProcess implements AutoCloseable {
  private final Process process;

  private AttackProcess(Process process) {
    this.process = process;
  }

  static AttackProcess start(Attack attack, InetSocketAddress server, URI redis)
      throws IOException {
    return new AttackProcess(
        new ProcessBuilder(
                "nice",
                "-n",
                "10",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AttackMain.class.getName(),
                attack.name(),
                Integer.toString(server.getPort()),
                redis.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Ends it, and says how often it was refused. */
  long refused() throws IOException {
    process.getOutputStream().close();
    @Nullable String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (line == null) {
      throw new IOException("the attack has failed");
    }
    return Long.parseLong(line);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
