package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, with the Java and the class path of this one.
 *
 * <p>It ends when its standard input does: so it outlives neither {@link #close} nor a parent that
 * was killed.
 */
final class ServerProcess implements AutoCloseable {
  private static final String PORT = "PORT ";
  private static final long START_SECONDS = 30;
  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final InetSocketAddress address;

  private ServerProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  static ServerProcess start(Contender contender) throws IOException {
    return start(contender.main());
  }

  /**
   * Any server.
   *
   * @param main serves as {@link #serveUntilOrphaned} does
   */
  static ServerProcess start(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      int port = port(process);
      return new ServerProcess(
          process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** The server's side: says where it is, and returns when nobody is there to use it. */
  static void serveUntilOrphaned(int port) throws IOException {
    System.out.println(PORT + port);
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the server did not stop in " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private static int port(Process process) throws IOException {
    String line;
    try {
      line =
          CompletableFuture.supplyAsync(() -> firstLine(process))
              .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("the server did not start in " + START_SECONDS + " s", e);
    }
    if (!line.startsWith(PORT)) {
      throw new IOException("the server did not start: " + line);
    }
    return Integer.parseInt(line.substring(PORT.length()));
  }

  private static String firstLine(Process process) {
    try {
      @Nullable String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      return line == null ? "it ended" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
