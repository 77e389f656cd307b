package dev.realtime4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCursorStoreTest {
  @TempDir Path directory;

  @Test
  void what_was_saved_last_is_there_for_the_next_program() {
    Path file = directory.resolve("not/yet/there/cursor");
    assertThat(CursorStore.inFile(file).load()).isEmpty();
    CursorStore store = CursorStore.inFile(file);
    store.save("one, which is longer");
    store.save("two");
    assertThat(CursorStore.inFile(file).load()).contains("two");
  }

  @Test
  void a_save_that_was_cut_off_leaves_the_one_before() throws IOException {
    Path file = directory.resolve("cursor");
    CursorStore.inFile(file).save("whole");
    Files.writeString(directory.resolve("cursor.new"), "ha");
    assertThat(CursorStore.inFile(file).load()).contains("whole");
    CursorStore.inFile(file).save("next");
    assertThat(CursorStore.inFile(file).load()).contains("next");
  }

  @Test
  void the_first_save_that_was_cut_off_before_it_was_in_its_place_is_found() throws IOException {
    Path file = directory.resolve("cursor");
    Files.writeString(directory.resolve("cursor.new"), "whole");
    assertThat(CursorStore.inFile(file).load()).contains("whole");
  }

  @Test
  void what_is_there_and_is_no_cursor_is_not_nothing() throws IOException {
    Path file = directory.resolve("cursor");
    Files.write(file, new byte[0]);
    assertThat(CursorStore.inFile(file).load()).contains("");
    Files.write(file, new byte[] {(byte) 0xc3, 0, 1});
    assertThat(CursorStore.inFile(file).load()).isPresent();
    Files.write(file, new byte[16 * 1024]);
    assertThat(CursorStore.inFile(file).load()).isPresent();
    Files.write(file, new byte[16 * 1024 + 1]);
    assertThatThrownBy(() -> CursorStore.inFile(file).load())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> CursorStore.inFile(directory).load())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void a_place_that_cannot_be_written_is_named() {
    CursorStore store = CursorStore.inFile(directory);
    assertThatThrownBy(() -> store.save("text"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(directory.toString());
  }
}
