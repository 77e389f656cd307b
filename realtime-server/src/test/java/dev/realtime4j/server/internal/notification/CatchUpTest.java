package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.NotificationCatchUp;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SessionRegistry;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.memory.InMemoryNotificationRepository;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sockets that open at the same time share what is asked of the store, and nothing else. */
final class CatchUpTest {
  private final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  private final NotificationRepository memory = InMemoryNotificationRepository.create();
  private final Set<UserId> refused = new HashSet<>();
  private final List<Set<?>> asked = new ArrayList<>();
  private boolean away;
  private final CatchUp catchUp = new CatchUp(watched(), memory, 200, 1 << 20, Supplier::get);
  private final SimulatedSockets sockets =
      new SimulatedSockets(
          new ServerId("node"),
          InstantSource.system(),
          new MethodTable(),
          new SessionRegistry(),
          new LifecycleDispatcher(List.of(catchUp), workers::add, System::nanoTime));

  private NotificationCatchUp watched() {
    return (NotificationCatchUp)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {NotificationCatchUp.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("sync")) {
                Set<?> users = Set.copyOf(((Map<?, ?>) arguments[0]).keySet());
                asked.add(users);
                if (away) {
                  throw RealtimeException.unavailable("a test", null);
                }
                if (refused.stream().anyMatch(users::contains)) {
                  throw RealtimeException.badRequest("a test");
                }
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static UserId user() {
    return new UserId(UUID.randomUUID());
  }

  private void work() {
    for (Runnable task = workers.poll(); task != null; task = workers.poll()) {
      task.run();
    }
  }

  private void send(UserId user) {
    memory.insert(
        new NotificationId(com.github.f4b6a3.uuid.UuidCreator.getTimeOrderedEpoch()),
        NewNotification.to(user).title("A title").build());
  }

  /** A member of {@code connected}. */
  private static Json heard(SimulatedSocket socket, String name) {
    return member(member(socket.take().get(0), "data"), name);
  }

  private static Json member(Json object, String name) {
    Json value = object.fields().get(name);
    if (value == null) {
      throw new AssertionError("no " + name + " in " + object.text());
    }
    return value;
  }

  private String cursor(UserId user) {
    SimulatedSocket socket = sockets.connect(user);
    work();
    socket.close(1001);
    return heard(socket, "cursor").asString();
  }

  @Test
  void many_users_share_one_query() {
    List<UserId> users = Stream.generate(CatchUpTest::user).limit(20).toList();
    users.subList(0, 5).forEach(this::send);

    List<SimulatedSocket> opened = users.stream().map(sockets::connect).toList();
    work();

    assertThat(asked).containsExactly(Set.copyOf(users));
    IntStream.range(0, 20)
        .forEach(
            i ->
                assertThat(member(heard(opened.get(i), "unread"), "count").asLong())
                    .isEqualTo(i < 5 ? 1 : 0));
  }

  @Test
  void two_sockets_of_a_user_are_each_caught_up_from_their_own_cursor() {
    UserId user = user();
    String old = cursor(user);
    send(user);
    String newer = cursor(user);
    send(user);
    asked.clear();

    SimulatedSocket phone = sockets.connect(user, "/ws?since=" + old);
    SimulatedSocket laptop = sockets.connect(user, "/ws?since=" + newer);
    work();

    assertThat(asked).containsExactly(Set.of(user), Set.of(user));
    assertThat(heard(phone, "missed").asLong()).isEqualTo(2);
    assertThat(heard(laptop, "missed").asLong()).isEqualTo(1);
  }

  @Test
  void a_request_that_the_store_refuses_does_not_take_the_others_with_it() {
    UserId hostile = user();
    refused.add(hostile);

    SimulatedSocket before = sockets.connect(user());
    SimulatedSocket hit = sockets.connect(hostile);
    SimulatedSocket after = sockets.connect(user());
    work();

    assertThat(heard(before, "cursor").isNull()).isFalse();
    assertThat(heard(hit, "cursor").isNull()).isTrue();
    assertThat(heard(after, "cursor").isNull()).isFalse();
  }

  @Test
  void a_store_that_is_away_is_asked_once_and_owes_all_of_them() {
    away = true;
    UserId user = user();
    SimulatedSocket one = sockets.connect(user);
    SimulatedSocket other = sockets.connect(user());
    work();
    assertThat(asked).hasSize(1);
    assertThat(heard(one, "unread").isNull()).isTrue();
    assertThat(heard(other, "unread").isNull()).isTrue();

    away = false;
    catchUp.retryDeferred();

    assertThat(member(one.take().get(0), "event").asString()).isEqualTo("notification.synced");
    assertThat(other.take()).hasSize(1);
  }

  @Test
  void nothing_is_asked_for_who_is_gone_already() {
    SimulatedSocket gone = sockets.connect(user());
    gone.close(1001);
    UserId user = user();
    sockets.connect(user);

    work();

    assertThat(asked).containsExactly(Set.of(user));
  }
}
