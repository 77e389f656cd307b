package dev.realtime4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.RealtimeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One program after another, with nothing in common but a file. */
class RestartedProgramTest {
  @TempDir Path directory;

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  private RealtimeClient program(FakeRealtimeServer server) {
    RealtimeClient client =
        server.client().cursorStore(CursorStore.inFile(directory.resolve("cursor"))).build();
    client.notifications().onNew(one -> heard.add(one.content().title()));
    client.connect().join();
    server.awaitIdle();
    return client;
  }

  private static void send(FakeRealtimeServer server, String title) {
    server.send(NewNotification.to(server.user()).title(title).build());
  }

  @Test
  void a_program_whose_cursor_file_is_damaged_misses_nothing() throws IOException {
    try (FakeRealtimeServer server = FakeRealtimeServer.create()) {
      try (RealtimeClient first = program(server)) {
        send(server, "one");
        assertThat(first.userId()).contains(server.user());
      }
      heard.clear();
      send(server, "two");
      Files.write(directory.resolve("cursor"), new byte[0]); // as after a crash of the machine
      program(server).close();
      assertThat(heard).containsExactly("one", "two");
      heard.clear();
      send(server, "three");
      program(server).close();
      assertThat(heard).as("it is whole again").containsExactly("three");
    }
  }

  @Test
  void the_next_program_hears_what_came_in_between_and_nothing_twice() {
    try (FakeRealtimeServer server = FakeRealtimeServer.create()) {
      send(server, "before anybody was there");
      try (RealtimeClient first = program(server)) {
        send(server, "one");
        assertThat(first.userId()).contains(server.user());
      }
      send(server, "two");
      program(server).close();
      server.loseCursors();
      send(server, "three");
      program(server).close();
      server.sync();
      program(server).close();
      assertThat(heard).containsExactly("one", "two", "three");
    }
  }
}
