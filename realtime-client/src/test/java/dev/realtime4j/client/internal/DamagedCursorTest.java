package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.notification.ResumePoint;
import dev.realtime4j.client.internal.notification.SeenIds;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A cursor that cannot be read is a gap, and is told; it is no first start. */
class DamagedCursorTest {
  private static final Logger log =
      (Logger) LoggerFactory.getLogger("dev.realtime4j.client.internal");

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    log.setLevel(Level.INFO);
    log.setAdditive(false);
    log.addAppender(logged);
  }

  @AfterEach
  void stop() {
    log.detachAppender(logged);
    log.setLevel(null);
    log.setAdditive(true);
  }

  private List<String> told() {
    return logged.list.stream().map(event -> event.getLevel() + " " + event.getMessage()).toList();
  }

  /** Holds a text, and takes what is saved. */
  private record Holding(String text) implements CursorStore {
    @Override
    public Optional<String> load() {
      return Optional.of(text);
    }

    @Override
    public void save(String fresh) {}
  }

  private static String whole() {
    SeenIds seen = new SeenIds(10);
    IntStream.rangeClosed(1, 3).forEach(i -> seen.add(NotificationId.of(FakeSocket.id(i))));
    return ResumePoint.of(new SyncCursor("c7"), seen).encoded();
  }

  static List<String> damaged() {
    return List.of(
        "",
        " ",
        "garbage",
        "\u0000\u0001\ufffd\ufffd",
        whole().substring(0, 3),
        whole().substring(0, whole().length() - 5),
        whole().substring(10),
        whole() + "\n",
        whole().replaceFirst("2 ", "9 "),
        "2 c7 - - " + "x".repeat(100_000),
        "{\"cursor\":\"c7\"}");
  }

  private static void pagesTheWholeList(CursorStore store) {
    Rig rig = new Rig(store, OfflinePolicy.QUEUE);
    rig.driver.connect();
    rig.settle();
    FakeSocket socket = rig.socket();
    assertThat(socket.target).as("no server knows it").hasQuery("since=lost");
    socket.welcome(0, "c9");
    socket.push("notification.resync", "cursor", "c9", "unread", null, "from", null);
    rig.settle();
    socket.answer(
        "notification.list",
        "notifications",
        List.of(FakeSocket.notificationJson(3), FakeSocket.notificationJson(2)),
        "next_cursor",
        "p2");
    rig.settle();
    socket.answer(
        "notification.list",
        "notifications",
        List.of(FakeSocket.notificationJson(1)),
        "next_cursor",
        null);
    rig.settle();

    assertThat(rig.notifications).containsExactly("n1", "n2", "n3");
    assertThat(rig.reopened().target).hasQuery("since=c9");
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void what_is_damaged_is_told_and_the_list_is_read(String text) {
    pagesTheWholeList(new Holding(text));
    assertThat(told()).filteredOn(line -> line.contains("damaged")).hasSize(1);
  }

  @Test
  void what_cannot_be_read_is_told_and_the_list_is_read() {
    pagesTheWholeList(
        new CursorStore() {
          @Override
          public Optional<String> load() {
            throw new UncheckedIOException("no access", new NoSuchFileException("x"));
          }

          @Override
          public void save(String text) {}
        });
    assertThat(told()).filteredOn(line -> line.contains("could not be loaded")).hasSize(1);
  }

  @Test
  void what_is_whole_is_taken_as_it_is_and_nothing_at_all_is_a_first_start() {
    Rig resumed = new Rig(new Holding(whole()), OfflinePolicy.QUEUE);
    resumed.driver.connect();
    resumed.settle();
    assertThat(resumed.socket().target).hasQuery("since=c7");

    Rig first = new Rig();
    first.driver.connect();
    first.settle();
    assertThat(first.socket().target).hasNoQuery();
    assertThat(told()).isEmpty();
  }

  @Test
  void who_had_nothing_at_the_first_connection_misses_nothing_in_a_later_gap() {
    Rig rig = new Rig();
    FakeSocket socket = rig.connected();
    rig.advance(ConnectionDriver.STABLE_AFTER);
    socket.answer("notification.list", "notifications", List.of(), "next_cursor", null);
    rig.settle();
    socket.push("notification.resync", "cursor", "c1", "unread", null, "from", null);
    rig.settle();
    socket.answer(
        "notification.list",
        "notifications",
        List.of(FakeSocket.notificationJson(1)),
        "next_cursor",
        null);
    rig.settle();

    assertThat(rig.notifications).containsExactly("n1");
  }

  @Test
  void a_cursor_that_cannot_be_saved_is_told_once_and_once_more_when_it_can() {
    List<String> saved = new ArrayList<>();
    boolean[] broken = {true};
    Rig rig =
        new Rig(
            new CursorStore() {
              @Override
              public Optional<String> load() {
                return Optional.empty();
              }

              @Override
              public void save(String text) {
                if (broken[0]) {
                  throw new UncheckedIOException("full", new NoSuchFileException("x"));
                }
                saved.add(text);
              }
            },
            OfflinePolicy.QUEUE);
    FakeSocket socket = rig.connected();
    for (int i = 1; i <= 5; i++) {
      socket.notification(i);
      rig.settle();
    }
    assertThat(told()).filteredOn(line -> line.startsWith("WARN")).hasSize(1);

    broken[0] = false;
    for (int i = 6; i <= 9; i++) {
      socket.notification(i);
      rig.settle();
    }
    assertThat(told()).filteredOn(line -> line.startsWith("INFO")).hasSize(1);
    assertThat(saved).hasSize(4);

    broken[0] = true;
    socket.notification(10);
    rig.settle();
    assertThat(told()).filteredOn(line -> line.startsWith("WARN")).hasSize(2);
  }

  @Test
  void a_token_that_is_none_is_told_once_with_the_reason_and_never_quoted() {
    Rig rig = new Rig();
    rig.nextToken = CompletableFuture.completedFuture("hush-hush\n");
    rig.driver.connect();
    rig.advance(Duration.ofMinutes(5));

    assertThat(rig.sockets).isEmpty();
    assertThat(String.valueOf(rig.lastChange().cause()))
        .contains("a line break as character 10 of 10")
        .doesNotContain("hush");
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.get(0).getFormattedMessage())
        .contains("a line break")
        .doesNotContain("hush");
  }
}
