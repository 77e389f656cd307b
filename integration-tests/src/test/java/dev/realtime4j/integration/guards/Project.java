package dev.realtime4j.integration.guards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this project: what the guards of code and documentation read. */
public final class Project {
  public static final Path ROOT = root();

  private Project() {}

  /** Every Java file of every module, tests among them. */
  public static List<Path> sources() {
    try (Stream<Path> modules = Files.walk(ROOT, 3)) {
      return modules
          .filter(directory -> directory.endsWith("src"))
          .filter(Files::isDirectory)
          .flatMap(Project::javaBelow)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaBelow(Path sources) {
    try (Stream<Path> files = Files.walk(sources)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The README and what is beside it, and the pages of docs/. */
  public static List<Path> pages() {
    try (Stream<Path> beside = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(beside, docs).filter(file -> file.toString().endsWith(".md")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(Path file) {
    try {
      return Files.readString(file).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Surefire runs in the module, an IDE perhaps above it. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.resolve("..").normalize();
  }
}
