package dev.realtime4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.RealtimeClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Two devices of one user, over a network that drops, stalls, repeats and reorders: when it is
 * quiet each inbox is what the server has, and each notification was told once.
 */
class TwoDevicesPropertyTest {
  private static final int HELD = 6;

  enum Kind {
    SEND,
    BEGIN,
    COMMIT,
    READ,
    READ_ELSEWHERE,
    READ_ALL,
    DELETE,
    BURST,
    DROP,
    CUT,
    PAUSE,
    RESUME,
    STALL,
    FLOW,
    LOSE_CURSORS,
    ADVANCE
  }

  /** Something happens, with a number that says to whom or how much. */
  record Step(Kind kind, int number) {}

  /** One device: its client, its inbox, and what it was told. */
  private static final class Device {
    final RealtimeClient client;
    final Inbox inbox;
    final List<NotificationId> told = new CopyOnWriteArrayList<>();
    final List<InboxContent> shown = new CopyOnWriteArrayList<>();
    final List<Integer> counts = new CopyOnWriteArrayList<>();

    Device(FakeRealtimeServer server) {
      client = server.client().build();
      client.notifications().onNew(notification -> told.add(notification.id()));
      client.notifications().onUnreadChanged(unread -> counts.add(unread.count()));
      inbox = client.notifications().inbox(HELD);
      inbox.onChange(shown::add);
      client.connect().join();
      server.awaitIdle();
    }
  }

  /** What a story has led to so far. */
  private static final class World implements AutoCloseable {
    final FakeRealtimeServer server = FakeRealtimeServer.create();
    final List<NotificationId> sent = new ArrayList<>();
    final List<Runnable> open = new ArrayList<>();
    final List<Device> devices;
    boolean cursorsLost;

    World() {
      for (int i = 0; i < 3; i++) {
        send(); // before anybody connects: in the inbox, but not told
      }
      sent.clear();
      server.duplicatePushes(2);
      devices = List.of(new Device(server), new Device(server));
    }

    void take(Step step) {
      Device device = devices.get(step.number() % devices.size());
      Duration time = Duration.ofMillis(step.number() * 300L);
      switch (step.kind()) {
        case SEND -> send();
        case BEGIN -> open.add(server.sendLate(fresh()));
        case COMMIT -> open.forEach(Runnable::run);
        case READ -> target(step).ifPresent(id -> device.client.notifications().read(id));
        case READ_ELSEWHERE -> target(step).ifPresent(id -> server.read(server.user(), id));
        case READ_ALL -> target(step).ifPresent(id -> device.client.notifications().readAll(id));
        case DELETE -> target(step).ifPresent(id -> device.client.notifications().delete(id));
        case BURST -> server.reorder(new Random(step.number()), () -> burst(step));
        case DROP -> server.dropConnections();
        case CUT -> device.client.networkChanged();
        case PAUSE -> device.client.pause();
        case RESUME -> device.client.resume();
        case STALL -> server.stall();
        case FLOW -> server.unstall();
        case LOSE_CURSORS -> {
          cursorsLost = true;
          server.loseCursors();
        }
        case ADVANCE -> server.advance(time);
      }
      server.awaitIdle();
    }

    private void burst(Step step) {
      send();
      target(step).ifPresent(id -> server.read(server.user(), id));
      send();
      target(step).ifPresent(id -> server.delete(server.user(), id));
    }

    private void send() {
      sent.add(server.send(fresh()).id());
    }

    private NewNotification fresh() {
      return NewNotification.to(server.user()).title("a title").build();
    }

    private Optional<NotificationId> target(Step step) {
      List<Notification> all = server.notifications(server.user());
      return all.isEmpty()
          ? Optional.empty()
          : Optional.of(all.get(step.number() % all.size()).id());
    }

    void becomeQuiet() {
      open.forEach(Runnable::run);
      server.unstall();
      devices.forEach(device -> device.client.resume());
      server.advance(Duration.ofMinutes(2));
    }

    InboxContent truth() {
      List<Notification> newest = server.notifications(server.user()).stream().limit(HELD).toList();
      return new InboxContent(newest, server.unread(server.user()), true);
    }

    @Override
    public void close() {
      devices.forEach(device -> device.client.close());
      server.close();
    }
  }

  @Provide
  Arbitrary<List<Step>> story() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(6, Kind.SEND),
            Tuple.of(2, Kind.BEGIN),
            Tuple.of(1, Kind.COMMIT),
            Tuple.of(4, Kind.READ),
            Tuple.of(2, Kind.READ_ELSEWHERE),
            Tuple.of(1, Kind.READ_ALL),
            Tuple.of(3, Kind.DELETE),
            Tuple.of(4, Kind.BURST),
            Tuple.of(1, Kind.DROP),
            Tuple.of(2, Kind.CUT),
            Tuple.of(1, Kind.PAUSE),
            Tuple.of(2, Kind.RESUME),
            Tuple.of(1, Kind.STALL),
            Tuple.of(2, Kind.FLOW),
            Tuple.of(1, Kind.LOSE_CURSORS),
            Tuple.of(4, Kind.ADVANCE));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 15))
        .as(Step::new)
        .list()
        .ofMinSize(3)
        .ofMaxSize(40);
  }

  @Property(tries = 120, shrinking = ShrinkingMode.OFF)
  void after_quiet_each_inbox_is_what_the_server_has(@ForAll("story") List<Step> story) {
    try (World world = new World()) {
      story.forEach(world::take);
      world.becomeQuiet();

      InboxContent truth = world.truth();
      List<NotificationId> left =
          world.server.notifications(world.server.user()).stream().map(Notification::id).toList();
      for (Device device : world.devices) {
        assertThat(device.inbox.content()).isEqualTo(truth);
        assertThat(device.shown.get(device.shown.size() - 1)).isEqualTo(truth);
        assertThat(device.counts.get(device.counts.size() - 1)).isEqualTo(truth.unread().count());
        assertThat(device.told).doesNotHaveDuplicates();
        if (!world.cursorsLost) { // else what was committed late may be on the list only
          assertThat(device.told).containsAll(world.sent.stream().filter(left::contains).toList());
        }
      }
    }
  }
}
