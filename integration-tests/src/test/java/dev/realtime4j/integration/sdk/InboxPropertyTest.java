package dev.realtime4j.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationFilter;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.server.RealtimeServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever two devices of one user do, on two nodes, with connections that come and go: when it is
 * quiet each inbox is what the server has, and each notification was told once.
 */
class InboxPropertyTest {
  private static final int HELD = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static TwoNodes nodes;

  enum Kind {
    SEND,
    READ,
    READ_ALL,
    DELETE,
    CUT,
    PAUSE,
    RESUME,
    SETTLE
  }

  /** Something that a device does, to the notification that stands at a place of the list. */
  record Step(Kind kind, int device, int place) {}

  /** One device: its client, its inbox, and what it was told. */
  private static final class Device implements AutoCloseable {
    final RealtimeClient client;
    final Inbox inbox;
    final List<NotificationId> told = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<?>> calls = new ArrayList<>();
    final List<InboxContent> shown = new CopyOnWriteArrayList<>();

    Device(UserId user, int number) {
      client = nodes.client(user, number);
      client.notifications().onNew(notification -> told.add(notification.id()));
      inbox = client.notifications().inbox(HELD);
      inbox.onChange(shown::add);
      client.connect().join();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @BeforeContainer
  static void start() {
    nodes = new TwoNodes();
  }

  @AfterContainer
  static void stop() {
    nodes.close();
  }

  @Provide
  Arbitrary<List<Step>> story() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
                Tuple.of(8, Kind.SEND),
                Tuple.of(4, Kind.READ),
                Tuple.of(1, Kind.READ_ALL),
                Tuple.of(3, Kind.DELETE),
                Tuple.of(2, Kind.CUT),
                Tuple.of(1, Kind.PAUSE),
                Tuple.of(2, Kind.RESUME),
                Tuple.of(1, Kind.SETTLE))
            .map(kind -> kind);
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 11))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(45);
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void after_quiet_each_inbox_is_what_the_server_has(@ForAll("story") List<Step> story) {
    UserId user = new UserId(UUID.randomUUID());
    for (int i = 0; i < HELD / 2; i++) {
      send(user, i); // before anybody connects: in the inbox, but not told
    }
    try (Device phone = new Device(user, 0);
        Device laptop = new Device(user, 1)) {
      List<Device> devices = List.of(phone, laptop);
      List<NotificationId> sent = new ArrayList<>();
      for (Step step : story) {
        if (step.kind() == Kind.SETTLE) {
          devices.forEach(device -> settle(user, device, sent));
        } else {
          take(step, user, devices.get(step.device()), sent);
        }
      }
      devices.forEach(device -> settle(user, device, sent));
    }
  }

  private static void settle(UserId user, Device device, List<NotificationId> sent) {
    device.client.resume();
    device.calls.forEach(call -> call.handle((done, refused) -> true).join());
    device.calls.clear();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(device.inbox.content()).isEqualTo(truth(user));
              assertThat(device.shown.get(device.shown.size() - 1)).isEqualTo(truth(user));
              List<NotificationId> left = all(user);
              assertThat(device.told).containsAll(sent.stream().filter(left::contains).toList());
            });
    assertThat(device.told).doesNotHaveDuplicates().isSubsetOf(sent);
  }

  private static void take(Step step, UserId user, Device device, List<NotificationId> sent) {
    List<NotificationId> all = all(user);
    NotificationId target = all.isEmpty() ? null : all.get(step.place() % all.size());
    switch (step.kind()) {
      case SEND -> sent.add(send(user, step.place()));
      case READ -> {
        if (target != null) {
          device.calls.add(device.client.notifications().read(target));
        }
      }
      case READ_ALL -> {
        if (target != null) {
          device.calls.add(device.client.notifications().readAll(target));
        }
      }
      case DELETE -> {
        if (target != null) {
          device.calls.add(device.client.notifications().delete(target));
        }
      }
      case CUT -> device.client.networkChanged();
      case PAUSE -> device.client.pause();
      case RESUME -> device.client.resume();
      case SETTLE -> throw new IllegalStateException("both devices settle at once");
    }
  }

  private static NotificationId send(UserId user, int number) {
    RealtimeServer node = nodes.node(number);
    return node.notifications().send(NewNotification.to(user).title("n" + number).build()).id();
  }

  private static InboxContent truth(UserId user) {
    List<Notification> newest =
        list(user).stream().limit(HELD).map(InboxPropertyTest::onTheWire).toList();
    return new InboxContent(newest, nodes.node(0).notifications().unreadCount(user), true);
  }

  /** The wire's times have milliseconds. */
  private static Notification onTheWire(Notification stored) {
    Instant readAt = stored.readAt();
    return new Notification(
        stored.id(),
        stored.userId(),
        stored.content(),
        readAt == null ? null : readAt.truncatedTo(ChronoUnit.MILLIS),
        stored.createdAt().truncatedTo(ChronoUnit.MILLIS));
  }

  private static List<NotificationId> all(UserId user) {
    return list(user).stream().map(Notification::id).toList();
  }

  private static List<Notification> list(UserId user) {
    return nodes
        .node(0)
        .notifications()
        .list(user, NotificationFilter.ALL, PageRequest.first(100))
        .items();
  }
}
