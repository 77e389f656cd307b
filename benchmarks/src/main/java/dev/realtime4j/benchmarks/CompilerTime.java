package dev.realtime4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time of this process's JIT compilers, which work for minutes after a start and then no
 * more. Of their threads only the system knows: it is told on Linux, and 0 elsewhere.
 */
final class CompilerTime {
  private static final Path THREADS = Path.of("/proc/self/task");

  private CompilerTime() {}

  static long nanos() {
    if (!Files.isDirectory(THREADS)) {
      return 0;
    }
    try (Stream<Path> threads = Files.list(THREADS)) {
      return threads.mapToLong(CompilerTime::ofThread).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long ofThread(Path thread) {
    try {
      boolean compiles = Files.readString(thread.resolve("comm")).contains("CompilerThre");
      String used = Files.readString(thread.resolve("schedstat")).split(" ")[0];
      return compiles ? Long.parseLong(used) : 0;
    } catch (IOException e) {
      return 0; // it has ended meanwhile
    }
  }
}
