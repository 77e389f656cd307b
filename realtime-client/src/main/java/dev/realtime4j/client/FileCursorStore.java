package dev.realtime4j.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/** A cursor in a file: the new text replaces the old one in whole, or not at all. */
final class FileCursorStore implements CursorStore {
  private static final int MAX_BYTES = 16 * 1024;

  private final Path file;
  private final Path fresh;

  FileCursorStore(Path file) {
    this.file = file.toAbsolutePath();
    this.fresh = this.file.resolveSibling(file.getFileName() + ".new");
  }

  @Override
  public Optional<String> load() {
    try {
      return Optional.of(read(file));
    } catch (NoSuchFileException firstTime) {
      return loadFresh();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** A program that ended between writing and replacing leaves the new text only. */
  private Optional<String> loadFresh() {
    try {
      return Optional.of(read(fresh));
    } catch (NoSuchFileException firstTime) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(fresh, e);
    }
  }

  private static String read(Path path) throws IOException {
    byte[] bytes = new byte[MAX_BYTES + 1];
    int length = 0;
    try (InputStream in = Files.newInputStream(path)) {
      for (int count = in.read(bytes); count > 0; count = in.read(bytes, length, room(length))) {
        length += count;
      }
    }
    if (length > MAX_BYTES) {
      throw new IOException("it is longer than a cursor can be");
    }
    return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
  }

  private static int room(int length) {
    return MAX_BYTES + 1 - length;
  }

  private static UncheckedIOException unreadable(Path path, IOException e) {
    return new UncheckedIOException("the cursor could not be read from " + path, e);
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
