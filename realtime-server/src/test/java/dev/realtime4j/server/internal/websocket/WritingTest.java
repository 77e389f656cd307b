package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WritingTest {
  private static final TestServer SERVER = TestServer.start();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void texts_of_several_threads_arrive_whole_and_in_each_threads_order() throws Exception {
    TestServer.Opened opened = SERVER.open();
    int perThread = 5_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int id = t;
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < perThread; i++) {
                  opened.session().send(id + ":" + i);
                }
              }));
    }
    threads.forEach(Thread::start);
    int[] next = new int[4];
    for (int i = 0; i < 4 * perThread; i++) {
      String[] parts = opened.client().receive().text().split(":");
      int id = Integer.parseInt(parts[0]);
      assertThat(Integer.parseInt(parts[1])).isEqualTo(next[id]++);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    opened.client().close();
  }

  @Test
  void texts_larger_than_all_buffers_arrive_whole() {
    TestServer.Opened opened = SERVER.open();
    byte[] large = new byte[5_000_000];
    Arrays.fill(large, (byte) 'x');
    large[4_999_999] = 'z';
    opened.session().send("before");
    opened.session().send(large);
    opened.session().send("after");
    assertThat(opened.client().read()).isEqualTo("text before");
    assertThat(opened.client().receive().payload()).isEqualTo(large);
    assertThat(opened.client().read()).isEqualTo("text after");
    opened.client().close();
  }

  @Test
  void a_slow_reader_is_not_asked_for_more_and_catches_up_later() {
    TestServer.Opened opened = SERVER.open();
    TestSession session = opened.session();
    int texts = flood(session);
    int left = session.outgoing.size();
    assertThat(left).isPositive();
    session.connection.wantWrite();
    try (RawClient other = SERVER.open().client()) {
      assertThat(other.text("others").read()).isEqualTo("text others");
    }
    assertThat(session.outgoing).hasSize(left);
    for (int i = 0; i < texts; i++) {
      assertThat(opened.client().receive().payload()).hasSize(10_000);
    }
    assertThat(session.outgoing).isEmpty();
    opened.client().close();
  }

  @Test
  void an_abort_cuts_a_slow_reader_within_half_a_second() {
    TestServer.Opened opened = SERVER.open();
    flood(opened.session());
    int asked = opened.session().asked.get();
    long start = System.nanoTime();
    opened.session().connection.abort(CloseCode.SLOW_CONSUMER, "too slow");
    assertThat(opened.session().next()).isEqualTo("closed 4508 too slow");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(400), Duration.ofSeconds(2));
    assertThat(opened.session().asked).hasValue(asked);
    // Reset, not just closed: the kernel keeps nothing for a client that reads nothing.
    assertThatThrownBy(opened.client()::readAll).hasMessageContaining("reset");
    opened.client().close();
  }

  @Test
  void the_kernel_holds_little_for_a_reader_that_stalls() {
    TestServer.Opened opened = SERVER.open();
    TestSession session = opened.session();

    int texts = flood(session);

    int taken = texts - session.outgoing.size();
    // Both kernels' buffers; on loopback the client's alone takes up to 6 MiB.
    assertThat(taken * 10_000L).isLessThan(8L * 1024 * 1024);
    opened.client().close();
  }

  @Test
  void an_aborted_reader_that_wakes_up_gets_the_begun_text_and_the_code() {
    TestServer.Opened opened = SERVER.open();
    int texts = flood(opened.session());
    opened.session().connection.abort(CloseCode.SLOW_CONSUMER, "too slow");
    int received = 0;
    String frame = opened.client().read();
    while (frame.startsWith("text ")) {
      received++;
      frame = opened.client().read();
    }
    assertThat(frame).isEqualTo("close 4508 too slow");
    assertThat(received).isLessThan(texts);
    opened.client().close();
    assertThat(opened.session().next()).isEqualTo("closed 4508 too slow");
  }

  @Test
  void closing_a_slow_reader_cuts_it_after_a_second() {
    TestServer.Opened opened = SERVER.open();
    flood(opened.session());
    long start = System.nanoTime();
    opened.session().connection.close(CloseCode.NORMAL, "bye");
    assertThat(opened.session().next()).isEqualTo("closed 1000 bye");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
    opened.client().close();
  }

  @Test
  void an_abort_overtakes_a_close() {
    TestServer.Opened opened = SERVER.open();
    flood(opened.session());
    opened.session().connection.close(CloseCode.NORMAL, "bye");
    opened.session().connection.abort(CloseCode.SLOW_CONSUMER, "too slow");
    assertThat(opened.session().next()).isEqualTo("closed 4508 too slow");
    opened.client().close();
  }

  @Test
  void a_slow_reader_that_sends_pings_costs_a_bounded_number_of_pongs_the_newest() {
    TestServer.Opened opened = SERVER.open();
    int texts = flood(opened.session());
    for (int i = 1; i <= 1000; i++) {
      opened.client().send(RawClient.frame(0x89, ("" + i).getBytes()));
    }
    opened.client().text("read");
    assertThat(opened.session().next()).isEqualTo("text read");
    int pongs = 0;
    String newest = "";
    for (int i = 0; i < texts + Pongs.MOST; i++) {
      String frame = opened.client().read();
      if (frame.startsWith("pong")) {
        pongs++;
        newest = frame;
      }
    }
    assertThat(pongs).isEqualTo(Pongs.MOST);
    assertThat(newest).isEqualTo("pong 1000");
    opened.client().close();
  }

  @Test
  void a_paused_socket_delivers_nothing_and_later_all_in_order() {
    TestServer.Opened opened = SERVER.open();
    SERVER.onText = (session, text) -> session.connection.pauseReading();
    try {
      for (int i = 0; i < 100; i++) {
        opened.client().text("m" + i);
      }
      assertThat(opened.session().next()).isEqualTo("text m0");
      await().during(Duration.ofMillis(200)).until(() -> opened.session().events.isEmpty());
      for (int i = 1; i < 10; i++) {
        opened.session().connection.resumeReading();
        assertThat(opened.session().next()).isEqualTo("text m" + i);
      }
      SERVER.onText = (session, text) -> {};
      opened.session().connection.resumeReading();
      for (int i = 10; i < 100; i++) {
        assertThat(opened.session().next()).isEqualTo("text m" + i);
      }
    } finally {
      SERVER.onText = TestSession::send;
    }
    opened.client().close();
  }

  @Test
  void a_close_that_comes_while_reading_is_paused_comes_behind_what_was_sent_before_it() {
    TestServer.Opened opened = SERVER.open();
    SERVER.onText = (session, text) -> session.connection.pauseReading();
    try {
      opened
          .client()
          .send(
              RawClient.join(
                  RawClient.frame(0x81, (byte) 'a'),
                  RawClient.frame(0x81, (byte) 'b'),
                  RawClient.closeFrame(1000, "bye")));
      assertThat(opened.session().next()).isEqualTo("text a");
      opened.session().connection.resumeReading();
      assertThat(opened.session().next()).isEqualTo("text b");
      opened.session().connection.resumeReading();
      assertThat(opened.client().read()).isEqualTo("close 1000 bye");
      assertThat(opened.session().next()).isEqualTo("closed 1000 bye");
    } finally {
      SERVER.onText = TestSession::send;
    }
    opened.client().close();
  }

  @Test
  void a_paused_socket_can_be_closed() {
    TestServer.Opened opened = SERVER.open();
    opened.session().connection.pauseReading();
    opened.client().text("never read");
    opened.session().connection.close(CloseCode.NORMAL, "bye");
    assertThat(opened.client().read()).isEqualTo("close 1000 bye");
    opened.client().send(RawClient.closeFrame(1000, ""));
    assertThat(opened.client().isEnded()).isTrue();
    assertThat(opened.session().next()).isEqualTo("closed 1000 bye");
    opened.client().close();
  }

  @Test
  void after_writes_runs_when_its_lane_has_offered_what_waited() throws Exception {
    List<TestServer.Opened> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(SERVER.open());
    }
    for (int round = 0; round < 200; round++) {
      byte[] text = ("round " + round).getBytes();
      all.forEach(opened -> opened.session().send(text));
      for (int lane = 0; lane < SERVER.transport.lanes(); lane++) {
        int here = lane;
        CompletableFuture<Integer> unsent = new CompletableFuture<>();
        SERVER.transport.afterWrites(
            lane,
            () ->
                unsent.complete(
                    all.stream()
                        .filter(opened -> opened.session().connection.lane() == here)
                        .mapToInt(opened -> opened.session().outgoing.size())
                        .sum()));
        assertThat(unsent.get(5, TimeUnit.SECONDS)).isZero();
      }
    }
    for (TestServer.Opened opened : all) {
      for (int round = 0; round < 200; round++) {
        assertThat(opened.client().read()).isEqualTo("text round " + round);
      }
      opened.client().close();
    }
  }

  @Test
  void after_writes_tasks_run_on_a_transport_thread_and_may_ask_again() throws Exception {
    CountDownLatch done = new CountDownLatch(100);
    List<String> threads = new CopyOnWriteArrayList<>();
    Runnable tick =
        new Runnable() {
          @Override
          public void run() {
            threads.add(Thread.currentThread().getName());
            done.countDown();
            if (done.getCount() > 0) {
              SERVER.transport.afterWrites(0, this);
            }
          }
        };
    SERVER.transport.afterWrites(0, tick);
    assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(threads).hasSize(100).allMatch(name -> name.equals("realtime-io-1"));
  }

  @Test
  void a_task_that_throws_disturbs_nobody() {
    AtomicInteger ran = new AtomicInteger();
    SERVER.transport.afterWrites(
        0,
        () -> {
          ran.incrementAndGet();
          throw new AssertionError("a test");
        });
    await().until(() -> ran.get() == 1);
    TestServer.Opened opened = SERVER.open();
    assertThat(opened.client().text("hello").read()).isEqualTo("text hello");
    opened.client().close();
  }

  /** Sends until the socket is full and at least a few texts wait; answers how many were sent. */
  private static int flood(TestSession session) {
    byte[] text = new byte[10_000];
    Arrays.fill(text, (byte) 'x');
    int texts = 0;
    // Enough to fill both kernels' buffers, whatever they grow to.
    while (texts < 3_000) {
      session.outgoing.add(text);
      texts++;
    }
    session.connection.wantWrite();
    AtomicInteger before = new AtomicInteger(-1);
    AtomicInteger unchanged = new AtomicInteger();
    // The two kernels go on for a while, by probes of what the other one has room for.
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              int asked = session.asked.get();
              boolean same = asked > 0 && before.getAndSet(asked) == asked;
              return (same ? unchanged.incrementAndGet() : unchanged.getAndSet(0)) >= 6;
            });
    return texts;
  }
}
