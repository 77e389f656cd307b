package dev.realtime4j.integration.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The packaged node as a process. */
final class NodeProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("READY ws=(\\d+) http=(\\d+)");

  private final Process process;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private NodeProcess(Process process) {
    this.process = process;
    this.readers =
        List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
  }

  /** Starts it with nothing in its environment but this. */
  static NodeProcess start(Map<String, String> environment) throws IOException {
    return start(environment, command());
  }

  private static List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", System.getProperty("node.jar"));
  }

  private static NodeProcess start(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("REALTIME_"));
    builder.environment().putAll(environment);
    return new NodeProcess(builder.start());
  }

  /** The same, and waits until it serves. */
  static NodeProcess serving(Map<String, String> environment) throws IOException {
    return serving(start(environment));
  }

  /** The same, with so many open files and no more. */
  static NodeProcess servingWith(int openFiles, Map<String, String> environment)
      throws IOException {
    String limited = "ulimit -n " + openFiles + " && exec \"$@\"";
    List<String> command = new ArrayList<>(List.of("sh", "-c", limited, "sh"));
    command.addAll(command());
    return serving(start(environment, command));
  }

  private static NodeProcess serving(NodeProcess node) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !node.out.isEmpty() || !node.process.isAlive());
    if (node.out.isEmpty()) {
      throw new AssertionError("the node did not start: " + node.err);
    }
    return node;
  }

  private static Thread reader(InputStream stream, List<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (var reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
              } catch (IOException e) {
                lines.add("unreadable: " + e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  int wsPort() {
    return Integer.parseInt(ready().group(1));
  }

  int httpPort() {
    return Integer.parseInt(ready().group(2));
  }

  private Matcher ready() {
    Matcher matcher = READY.matcher(out.get(0));
    if (!matcher.matches()) {
      throw new AssertionError("not a READY line: " + out);
    }
    return matcher;
  }

  /** Everything on the standard output until now. */
  List<String> out() {
    return out;
  }

  /** Everything on the standard error until now. */
  List<String> err() {
    return err;
  }

  /** Asks it to stop. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy would close its streams too
  }

  /** Ends it without a word, as {@code kill -9} does. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it is still there: " + err);
    }
    for (Thread reader : readers) {
      reader.join(5_000);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
