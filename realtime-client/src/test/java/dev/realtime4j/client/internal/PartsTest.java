package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Registration;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.SyncCursor;
import dev.realtime4j.client.internal.call.CallRateLimiter;
import dev.realtime4j.client.internal.connection.RenewalPlan;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Listeners;
import dev.realtime4j.client.internal.notification.DeliveryLog;
import dev.realtime4j.client.internal.notification.ResumePoint;
import dev.realtime4j.client.internal.notification.ResyncRange;
import dev.realtime4j.client.internal.notification.SeenIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static NotificationId id(int number) {
    return NotificationId.of(FakeSocket.id(number));
  }

  @Test
  void seen_ids_are_bounded_and_what_gives_way_is_forgotten() {
    SeenIds seen = new SeenIds(3);
    assertThat(seen.bound()).isNull();
    IntStream.of(5, 4, 6).forEach(n -> assertThat(seen.add(id(n))).isTrue());
    assertThat(seen.add(id(5))).isFalse();
    assertThat(seen.bound()).isEqualTo(id(4));
    seen.add(id(7));
    seen.add(id(8));
    assertThat(seen.ids()).containsExactly(id(6), id(7), id(8));
    assertThat(seen.forgotten()).isEqualTo(id(5));
    assertThat(seen.bound()).isEqualTo(id(5));
  }

  @Test
  void the_bound_is_the_higher_of_the_two_floors() {
    SeenIds seen = new SeenIds(3);
    seen.begin(id(4));
    assertThat(seen.bound()).isEqualTo(id(4));
    seen.forget(id(2));
    assertThat(seen.bound()).isEqualTo(id(4));
    seen.forget(id(7));
    assertThat(seen.bound()).isEqualTo(id(7));
    seen.begin(id(3));
    assertThat(seen.beginning()).isEqualTo(id(4));
    assertThat(seen.forgotten()).isEqualTo(id(7));
  }

  @Test
  void two_resyncs_at_once_reach_as_far_as_both() {
    SeenIds seen = new SeenIds(10);
    seen.begin(id(50));
    ResyncRange both = ResyncRange.of(id(30)).and(ResyncRange.of(id(20)));
    assertThat(both).isEqualTo(ResyncRange.of(id(20)).and(ResyncRange.of(id(30))));
    assertThat(both.covers(id(20), seen)).isTrue();
    assertThat(both.endsAt(id(20), seen)).isTrue();
    ResyncRange withUnknown = ResyncRange.of(id(60)).and(ResyncRange.of(null));
    assertThat(withUnknown).isEqualTo(ResyncRange.of(null).and(ResyncRange.of(id(60))));
    assertThat(withUnknown.covers(id(51), seen)).isTrue();
    assertThat(withUnknown.endsAt(id(60), seen)).isFalse();
    assertThat(withUnknown.endsAt(id(50), seen)).isTrue();
    assertThat(ResyncRange.of(id(60)).and(null)).isEqualTo(ResyncRange.of(id(60)));
  }

  @Test
  void a_resume_point_survives_its_text_and_nonsense_is_none() {
    ResumePoint full =
        new ResumePoint(new SyncCursor("a.b~c-1"), id(1), id(4), List.of(id(2), id(3)));
    assertThat(ResumePoint.decode(full.encoded())).contains(full);
    assertThat(ResumePoint.decode(ResumePoint.NONE.encoded())).contains(ResumePoint.NONE);
    for (String text :
        List.of(
            "",
            "2",
            "1 a - - -",
            "2 a b - -",
            "2 a - b -",
            "2 ä - - -",
            "2 a - - x,y",
            "2 a - -")) {
      assertThat(ResumePoint.decode(text)).as(text).isEmpty();
    }
    List<NotificationId> most =
        IntStream.range(0, DeliveryLog.RECENT).mapToObj(PartsTest::id).toList();
    assertThat(new ResumePoint(new SyncCursor("x".repeat(200)), id(1), id(1), most).encoded())
        .hasSizeLessThan(16 * 1024);
  }

  @Test
  void the_pace_never_lets_more_out_than_it_promises() {
    CallRateLimiter pace = new CallRateLimiter(10, 20);
    Duration now = Duration.ZERO;
    int out = 0;
    while (now.compareTo(Duration.ofSeconds(10)) < 0) {
      Duration pause = pace.take(1, now);
      out += pause.isZero() ? 1 : 0;
      now = now.plus(pause);
    }
    assertThat(out).isBetween(110, 121);
  }

  @Test
  void the_pace_takes_all_that_a_call_costs_or_none_of_it() {
    CallRateLimiter pace = new CallRateLimiter(10, 5);
    assertThat(pace.take(4, Duration.ZERO)).isZero();
    assertThat(pace.take(4, Duration.ZERO))
        .isBetween(Duration.ofMillis(300), Duration.ofMillis(302));
    assertThat(pace.take(1, Duration.ZERO)).isZero();
    assertThat(pace.take(9, Duration.ofSeconds(1))).as("no more than there can be").isZero();
  }

  @Test
  void the_token_is_refreshed_a_minute_ahead_or_a_fifth_of_a_short_life() {
    assertThat(RenewalPlan.lead(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(59));
    assertThat(RenewalPlan.lead(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(8));
    assertThat(RenewalPlan.lead(Duration.ofSeconds(-5))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void callbacks_run_one_at_a_time_and_in_order_on_an_executor_of_many_threads()
      throws InterruptedException {
    ExecutorService many = Executors.newFixedThreadPool(4);
    Callbacks callbacks = new Callbacks(many);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(1_000);
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      callbacks.submit(
          () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            order.add(number);
            assertThat(callbacks.isCaller()).isTrue();
            inside.decrementAndGet();
            done.countDown();
          });
    }
    done.await();
    many.shutdown();
    assertThat(most).hasValue(1);
    assertThat(order).containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    assertThat(callbacks.isCaller()).isFalse();
  }

  @Test
  void the_last_callback_is_told_even_when_the_executor_is_closing() {
    List<Runnable> taken = new ArrayList<>();
    boolean[] closing = {false};
    Callbacks callbacks =
        new Callbacks(
            task -> {
              if (closing[0]) {
                throw new RejectedExecutionException();
              }
              taken.add(task);
            });
    List<String> told = new ArrayList<>();
    callbacks.submit(
        () -> {
          closing[0] = true;
          callbacks.submit(() -> told.add("dropped"));
          callbacks.closeWith(() -> told.add("last"));
          callbacks.submit(() -> told.add("too late"));
        });
    taken.get(0).run();
    assertThat(told).containsExactly("last");
  }

  @Test
  void a_listener_that_throws_does_not_keep_the_others_from_hearing() {
    Listeners<String> listeners = new Listeners<>();
    List<String> heard = new ArrayList<>();
    listeners.add(
        what -> {
          throw new IllegalStateException("of the test");
        });
    listeners.add(heard::add);
    listeners.tell("a");
    assertThat(heard).containsExactly("a");
  }

  @Test
  void a_listener_that_is_registered_twice_hears_once_until_both_are_closed() {
    Listeners<String> listeners = new Listeners<>();
    List<String> heard = new ArrayList<>();
    Consumer<String> same = heard::add;
    Registration first = listeners.add(same);
    Registration second = listeners.add(same);
    listeners.tell("a");
    first.close();
    first.close();
    listeners.tell("b");
    second.close();
    listeners.tell("c");
    assertThat(heard).containsExactly("a", "b");
    assertThat(listeners.isEmpty()).isTrue();
  }
}
