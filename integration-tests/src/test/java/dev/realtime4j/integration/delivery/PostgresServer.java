package dev.realtime4j.integration.delivery;

import static org.awaitility.Awaitility.await;

import dev.realtime4j.fixtures.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
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
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL server of its own that may crash, and be followed by a streaming standby. The
 * tests of {@code realtime-jdbi} have the same with more; test classes are not shared by modules.
 */
final class PostgresServer implements AutoCloseable {
  private static final String WAL = "pg_wal";

  private final Path data;
  private final int port;

  private PostgresServer(Path data, Map<String, String> settings) {
    this.data = data;
    this.port = FreePort.some();
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
  static PostgresServer started() {
    Path data = newDirectory();
    run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N");
    return new PostgresServer(data, Map.of());
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
      handle.execute("SELECT pg_backup_start('test', true)");
      copy(data, copy);
      String label =
          handle
              .createQuery("SELECT labelfile FROM pg_backup_stop(false)")
              .mapTo(String.class)
              .one();
      copy(data.resolve(WAL), copy.resolve(WAL));
      Files.writeString(copy.resolve("backup_label"), label);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Ends it without a word to anybody. */
  void crash() {
    run("pg_ctl", "-D", data.toString(), "-w", "-t", "120", "-m", "immediate", "stop");
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

  /** Connections are not pooled. */
  DataSource database() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setUser("postgres");
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
      crash();
    }
    delete(data);
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
    command.add(Stores.binaries().resolve(program).toString());
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
