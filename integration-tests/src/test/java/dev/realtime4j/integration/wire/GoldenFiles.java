package dev.realtime4j.integration.wire;

import dev.realtime4j.integration.guards.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The messages of the wire that are kept: one line each, without an end of the line. */
final class GoldenFiles {
  private static final Path DIRECTORY =
      Project.ROOT.resolve("integration-tests/src/test/resources/wire");

  private GoldenFiles() {}

  /** By kind, such as {@code calls/room.join}. */
  static Map<String, String> all() {
    Map<String, String> messages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        String kind = DIRECTORY.relativize(file).toString().replace('\\', '/');
        messages.put(kind.replace(".json", ""), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }

  /** Takes these for right, and no others. */
  static void accept(Map<String, String> messages) {
    try {
      for (String gone : all().keySet()) {
        Files.delete(DIRECTORY.resolve(gone + ".json"));
      }
      for (Map.Entry<String, String> message : messages.entrySet()) {
        Path file = DIRECTORY.resolve(message.getKey() + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, message.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
