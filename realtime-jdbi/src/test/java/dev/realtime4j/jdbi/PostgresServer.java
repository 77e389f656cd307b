package dev.realtime4j.jdbi;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL server of its own that a test may stop, crash, copy while it runs, and have
 * followed by a streaming standby. It needs nothing but the binaries that the other tests use.
 */
final class PostgresServer implements AutoCloseable {
  private static final String WAL = "pg_wal";

  /** How a server ends. */
  enum Stop {
    /** Cleanly: as a planned restart does it. */
    FAST,
    /** Like a crash: what was not written to the disk is lost. */
    IMMEDIATE
  }

  private final Path data;
  private final int port;

  private PostgresServer(Path data, Map<String, String> settings) {
    this.data = data;
    this.port = freePort();
    List<String> lines = new ArrayList<>();
    lines.add("port = " + port);
    lines.add("listen_addresses = '127.0.0.1'");
    lines.add("unix_socket_directories = ''");
    lines.add("fsync = off"); // the machine under it does not crash
    settings.forEach((name, value) -> lines.add(name + " = '" + value + "'"));
    append(data.resolve("postgresql.conf"), lines);
    start();
  }

  /** A new, empty and running one. */
  static PostgresServer started(Map<String, String> settings) {
    Path data = newDirectory();
    run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N");
    return new PostgresServer(data, settings);
  }

  /**
   * A running one that was begun from a base backup.
   *
   * @param backup as {@link #backup} made it; it is used up
   */
  static PostgresServer restored(Path backup) {
    return new PostgresServer(backup, Map.of());
  }

  /** A running hot standby that streams from this one. */
  PostgresServer standby() {
    Path copy = backup();
    append(copy.resolve("standby.signal"), List.of());
    return new PostgresServer(
        copy,
        Map.of(
            "primary_conninfo", "host=127.0.0.1 user=postgres port=" + port, "hot_standby", "on"));
  }

  /** A base backup of the running server with all the WAL that it needs. */
  Path backup() {
    Path copy = newDirectory();
    try (Handle handle = jdbi().open()) {
      boolean before15 =
          handle
              .createQuery("SELECT current_setting('server_version_num')::int < 150000")
              .mapTo(boolean.class)
              .one();
      handle.execute(
          before15
              ? "SELECT pg_start_backup('test', true, false)"
              : "SELECT pg_backup_start('test', true)");
      copy(data, copy);
      String label =
          handle
              .createQuery(
                  before15
                      ? "SELECT labelfile FROM pg_stop_backup(false, false)"
                      : "SELECT labelfile FROM pg_backup_stop(false)")
              .mapTo(String.class)
              .one();
      copy(data.resolve(WAL), copy.resolve(WAL));
      Files.writeString(copy.resolve("backup_label"), label);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of the files of this server, which is stopped. */
  Path coldCopy() {
    Path copy = newDirectory();
    try {
      copy(data, copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  void start() {
    run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        data.resolve("server.log").toString(),
        "-w",
        "-t",
        "120",
        "start");
  }

  void stop(Stop how) {
    String mode = how.name().toLowerCase(Locale.ROOT);
    run("pg_ctl", "-D", data.toString(), "-w", "-t", "120", "-m", mode, "stop");
  }

  /** Cuts this standby off from its primary: from now on it is behind. */
  void cutOff() {
    try (Handle handle = jdbi().open()) {
      handle.execute("ALTER SYSTEM SET primary_conninfo = ''");
      handle.execute("SELECT pg_reload_conf()");
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> !isReceiving());
  }

  private boolean isReceiving() {
    return text("SELECT EXISTS (SELECT FROM pg_stat_wal_receiver)").equals("t");
  }

  /** Ends the standby's following: from now on it writes a history of its own. */
  void promote() {
    jdbi().useHandle(handle -> handle.execute("SELECT pg_promote(true, 120)"));
  }

  /** Kills one backend as the out-of-memory killer does: all are restarted, the server is not. */
  static void kill(int backend) {
    ProcessHandle.of(backend).orElseThrow().destroyForcibly();
  }

  /** Connections are not pooled. */
  DataSource database() {
    return as("postgres");
  }

  /** The same for another role. */
  DataSource as(String role) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setUser(role);
    source.setDatabaseName("postgres");
    return source;
  }

  int port() {
    return port;
  }

  Jdbi jdbi() {
    return Jdbi.create(database());
  }

  /** The one text that a query answers. */
  String text(String sql) {
    return jdbi().withHandle((Handle handle) -> handle.createQuery(sql).mapTo(String.class).one());
  }

  /** How far the WAL goes, as {@code pg_lsn}. */
  String written() {
    return text("SELECT pg_current_wal_lsn()::text");
  }

  /** Whether this standby has replayed the primary's WAL up to there. */
  boolean hasReplayed(String lsn) {
    return text("SELECT pg_last_wal_replay_lsn() >= '" + lsn + "'::pg_lsn").equals("t");
  }

  @Override
  public void close() {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      stop(Stop.IMMEDIATE);
    }
    delete(data);
  }

  /** None of those that the system gives to a connection meanwhile. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 22_000);
      try (ServerSocket free = new ServerSocket(port)) {
        return free.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("realtime-postgres-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path file, List<String> lines) {
    try {
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program of the server to its end. */
  private static void run(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to be run by root
    }
    command.add(Postgres.binaries().resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("realtime-postgres-", ".txt");
      // Into a file: a server that was started keeps a pipe open for as long as it runs.
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(output.toFile()))
              .start();
      int code = process.waitFor();
      String said = Files.readString(output);
      Files.delete(output);
      if (code != 0) {
        throw new IllegalStateException(program + " ended with " + code + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Copies a directory that is being written to, as a base backup does. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(directory));
            Files.createDirectories(target);
            if (Files.getFileStore(target).supportsFileAttributeView("posix")) {
              Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (!name.startsWith("postmaster.") && !name.equals("server.log")) {
              try {
                Path target = to.resolve(from.relativize(file));
                Files.write(target, Files.readAllBytes(file));
              } catch (NoSuchFileException gone) {
                return FileVisitResult.CONTINUE;
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void delete(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, java.io.IOException failure)
                throws IOException {
              Files.delete(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
