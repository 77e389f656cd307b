package dev.realtime4j.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** A cursor in a file: the new text replaces the old one in whole, or not at all. */
final class FileCursorStore implements CursorStore {
  private final Path file;
  private final Path fresh;

  FileCursorStore(Path file) {
    this.file = file.toAbsolutePath();
    this.fresh = this.file.resolveSibling(file.getFileName() + ".new");
  }

  @Override
  public Optional<String> load() {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException firstTime) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("the cursor could not be read from " + file, e);
    }
  }

  @Override
  public void save(String text) {
    try {
      Files.createDirectories(parent());
      Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
      replace();
    } catch (IOException e) {
      throw new UncheckedIOException("the cursor could not be written to " + file, e);
    }
  }

  private Path parent() {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException(file + " is no file");
    }
    return parent;
  }

  private void replace() throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
