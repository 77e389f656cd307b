package dev.realtime4j.jdbi;

import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.FreePort;
import dev.realtime4j.fixtures.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real pgbouncer in transaction mode before the PostgreSQL of the tests. Tests that use it have
 * the tag {@code pgbouncer}.
 */
final class PgBouncer implements AutoCloseable {
  private final Path directory;
  private final Process process;
  private final int port;

  private PgBouncer(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param database as {@link Postgres#database} answers it
   * @param connections how many it keeps to the server: those of all clients take turns on them
   */
  static PgBouncer before(PGSimpleDataSource database, int connections) throws IOException {
    int port = FreePort.some();
    Path directory = Files.createTempDirectory("pgbouncer");
    Path config = directory.resolve("pgbouncer.ini");
    Files.writeString(
        config,
        String.join(
            "\n",
            "[databases]",
            "* = host=127.0.0.1 port=%d user=postgres".formatted(database.getPortNumbers()[0]),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = " + port,
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = transaction",
            "default_pool_size = " + connections,
            "ignore_startup_parameters = extra_float_digits",
            ""));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U")); // It refuses to be root.
    }
    command.addAll(List.of("/usr/sbin/pgbouncer", config.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    PgBouncer bouncer = new PgBouncer(directory, process, port);
    try {
      await().atMost(Duration.ofSeconds(20)).until(bouncer::answers);
    } catch (RuntimeException e) {
      String log = Files.readString(directory.resolve("log"));
      bouncer.close();
      throw new IllegalStateException("pgbouncer did not start: " + log, e);
    }
    return bouncer;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The database through it.
   *
   * @param name of the database
   */
  PGSimpleDataSource database(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(name);
    source.setUser("postgres");
    source.setPrepareThreshold(0); // Older than 1.21 it knows no prepared statements.
    return source;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
