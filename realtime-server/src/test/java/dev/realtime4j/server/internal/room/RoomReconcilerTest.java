package dev.realtime4j.server.internal.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.room.RoomStore;
import dev.realtime4j.server.internal.cluster.NodeBus;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.SimulatedContext;
import dev.realtime4j.server.internal.session.LifecycleDispatcher;
import dev.realtime4j.server.internal.session.SimulatedSocket;
import dev.realtime4j.server.internal.session.SimulatedSockets;
import dev.realtime4j.server.internal.session.call.MethodTable;
import dev.realtime4j.server.memory.InMemoryCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets that come and go while the node writes into the store again what that may lack. */
final class RoomReconcilerTest {
  private static final RoomName ROOM = RoomName.of("lobby");

  private final InMemoryCluster memory = InMemoryCluster.create();
  private final ServerId server = new ServerId("node");
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final NodeBus bus = new NodeBus(server, memory.bus(server), ServerEnvironment.system());
  private final RoomFeature rooms;
  private final SimulatedSocket socket;

  /** Told of each call of the store, before it and after it. */
  private volatile Consumer<String> before = method -> {};

  private volatile Consumer<String> after = method -> {};

  RoomReconcilerTest() {
    NodeContext context = SimulatedContext.of(server, bus, InstantSource.system(), timer);
    rooms =
        new RoomFeature(
            new RoomFeature.Settings(100, 100, 100, 1000, 1000, 100_000),
            disturbed(memory.rooms()),
            RoomPolicy.open(),
            context);
    MethodTable methods = new MethodTable();
    rooms.register(methods);
    bus.start();
    socket =
        new SimulatedSockets(
                server,
                InstantSource.system(),
                methods,
                context.sessions(),
                new LifecycleDispatcher(List.of(rooms), Runnable::run, System::nanoTime))
            .connect(new UserId(UUID.randomUUID()));
  }

  private RoomStore disturbed(RoomStore store) {
    return (RoomStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RoomStore.class},
            (proxy, method, arguments) -> {
              before.accept(method.getName());
              try {
                Object answer = method.invoke(store, arguments);
                after.accept(method.getName());
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @AfterEach
  void close() {
    bus.close();
    timer.shutdownNow();
  }

  private void call(String method) {
    socket.call(method, Json.object("room", ROOM));
  }

  private int members() {
    return memory.rooms().memberCount(ROOM);
  }

  private Consumer<String> once(String method, Runnable task) {
    return called -> {
      if (called.equals(method)) {
        before = other -> {};
        task.run();
      }
    };
  }

  /** Comes back on another thread, as far as it gets before the store's next answer is used. */
  private Thread comesBack(CountDownLatch goOn) {
    CountDownLatch joined = new CountDownLatch(1);
    after =
        method -> {
          if (method.equals("join")) {
            joined.countDown();
            awaitUninterruptibly(goOn);
          }
        };
    Thread thread = new Thread(() -> call("room.join"), "comes-back");
    thread.start();
    await().until(() -> joined.getCount() == 0 || thread.getState() == Thread.State.BLOCKED);
    return thread;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_store_that_refuses_one_join_is_not_away_and_gets_the_seat_again() {
    before =
        method -> {
          if (method.equals("join")) {
            throw new RealtimeException(ErrorCode.INTERNAL, "a test");
          }
        };
    socket.call("room.join", Json.object("room", ROOM));
    before = method -> {};
    RoomName another = RoomName.of("another");
    socket.call("room.join", Json.object("room", another));

    assertThat(memory.rooms().memberCount(another)).isEqualTo(1);
    assertThat(memory.rooms().memberCount(ROOM)).isZero();
    rooms.reconcile();
    assertThat(memory.rooms().memberCount(ROOM)).isEqualTo(1);
  }

  @Test
  void who_leaves_while_all_are_written_again_is_out() {
    call("room.join");
    before = once("restore", () -> call("room.leave"));

    rooms.onStateLost();

    assertThat(members()).isZero();
  }

  @Test
  void who_left_meanwhile_and_comes_back_is_in() throws InterruptedException {
    call("room.join");
    CountDownLatch goOn = new CountDownLatch(1);
    Thread[] back = new Thread[1];
    before =
        once(
            "restore",
            () -> {
              call("room.leave");
              before = once("leave", () -> back[0] = comesBack(goOn));
            });

    rooms.onStateLost();
    goOn.countDown();
    back[0].join();

    assertThat(members()).isEqualTo(1);
  }

  @Test
  void who_left_without_the_store_and_comes_back_with_it_is_in() throws InterruptedException {
    call("room.join");
    before =
        method -> {
          throw RealtimeException.unavailable("a test", null);
        };
    call("room.leave");
    CountDownLatch goOn = new CountDownLatch(1);
    Thread[] back = new Thread[1];
    before = once("leave", () -> back[0] = comesBack(goOn));

    rooms.onStateLost();
    goOn.countDown();
    back[0].join();

    assertThat(members()).isEqualTo(1);
  }

  @Test
  void who_left_while_a_restore_failed_half_way_is_out_after_the_next() {
    call("room.join");
    after =
        method -> {
          if (method.equals("restore")) {
            after = other -> {};
            throw RealtimeException.unavailable("a test", null);
          }
        };
    before = once("restore", () -> call("room.leave"));
    rooms.onStateLost();
    assertThat(members()).as("written after it had left").isEqualTo(1);

    rooms.reconcile();

    assertThat(members()).isZero();
  }

  @Test
  void a_store_that_is_away_is_asked_once_and_then_by_the_tick_only() {
    List<String> calls = new ArrayList<>();
    before =
        method -> {
          calls.add(method);
          throw RealtimeException.unavailable("a test", null);
        };
    call("room.join");
    call("room.leave");
    call("room.join");
    assertThat(calls).containsExactly("join");

    before = method -> {};
    rooms.reconcile();
    assertThat(members()).isEqualTo(1);
    call("room.leave");
    assertThat(members()).isZero();
  }
}
