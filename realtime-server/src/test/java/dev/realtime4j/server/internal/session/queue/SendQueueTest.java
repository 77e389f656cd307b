package dev.realtime4j.server.internal.session.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.server.internal.session.queue.SendQueue.Offer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits to go out: held, joined, bounded. */
final class SendQueueTest {
  private final SendQueue queue = new SendQueue(1000);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String taken() {
    return taken(SendQueue.JOIN_UP_TO);
  }

  private String taken(int upTo) {
    byte[] next = queue.take(upTo);
    return next == null ? "nothing" : new String(next, StandardCharsets.UTF_8);
  }

  @Test
  void it_gives_nothing_out_until_what_comes_first_is_in_front() {
    assertThat(queue.offer(bytes("live"))).isEqualTo(Offer.KEPT);
    assertThat(taken()).isEqualTo("nothing");

    queue.open(List.of(bytes("connected"), bytes("missed")));

    assertThat(taken()).isEqualTo("connected");
    assertThat(taken()).isEqualTo("missed\nlive");
    assertThat(queue.offer(bytes("later"))).isEqualTo(Offer.ACCEPTED);
    assertThat(taken()).isEqualTo("later");
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void a_lone_message_is_given_out_as_the_same_bytes() {
    queue.open(List.of());
    byte[] shared = bytes("shared by all members");
    queue.offer(shared);

    assertThat(queue.take(SendQueue.JOIN_UP_TO)).isSameAs(shared);
  }

  @Test
  void above_its_budget_it_refuses_but_a_large_message_alone_passes() {
    queue.open(List.of());
    assertThat(queue.offer(new byte[5000])).isEqualTo(Offer.ACCEPTED);
    assertThat(queue.offer(bytes("x"))).isEqualTo(Offer.OVERFLOW);

    assertThat(queue.take(SendQueue.JOIN_UP_TO)).hasSize(5000);
    assertThat(queue.offer(bytes("x"))).isEqualTo(Offer.ACCEPTED);
  }

  @Test
  void messages_are_joined_up_to_64_KiB() {
    SendQueue large = new SendQueue(1_000_000);
    large.open(List.of());
    for (int i = 0; i < 3; i++) {
      large.offer(new byte[30_000]);
    }

    assertThat(large.take(SendQueue.JOIN_UP_TO)).hasSize(60_001);
    assertThat(large.take(SendQueue.JOIN_UP_TO)).hasSize(30_000);
    assertThat(large.take(SendQueue.JOIN_UP_TO)).isNull();
  }

  @Test
  void what_is_urgent_overtakes_all_but_the_greeting_in_a_frame_of_its_own() {
    byte[] question = bytes("{}");
    assertThat(queue.hasten(question)).isFalse();
    queue.offer(bytes("live"));
    queue.open(List.of(bytes("connected"), bytes("missed")));
    assertThat(queue.hasten(question)).isTrue();

    assertThat(taken()).isEqualTo("connected");
    assertThat(taken()).isEqualTo("{}");
    assertThat(queue.hasten(bytes("token_expired"))).isTrue();
    assertThat(queue.takeUrgent()).isEqualTo(bytes("token_expired"));
    assertThat(queue.takeUrgent()).isNull();
    assertThat(taken()).isEqualTo("missed\nlive");
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void urgent_messages_are_few() {
    queue.open(List.of());
    for (int i = 0; i < 1000; i++) {
      queue.hasten(bytes("{}"));
    }
    int taken = 0;
    while (queue.takeUrgent() != null) {
      taken++;
    }
    assertThat(taken).isEqualTo(8);
  }

  @Test
  void frames_are_as_large_as_the_transport_says() {
    queue.open(List.of());
    for (String message : List.of("one", "two", "three", "four")) {
      queue.offer(bytes(message));
    }

    assertThat(taken(7)).isEqualTo("one\ntwo");
    assertThat(taken(9)).isEqualTo("three");
    assertThat(taken(1)).isEqualTo("four");
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void what_a_fan_out_joined_is_parted_where_it_was_joined() {
    queue.open(List.of());
    queue.offer(bytes("one\ntwo\nthree\na long one\nfive"));
    queue.offer(bytes("six"));

    assertThat(taken(8)).isEqualTo("one\ntwo");
    assertThat(taken(3)).isEqualTo("three");
    assertThat(taken(5)).isEqualTo("a long one");
    assertThat(taken(100)).isEqualTo("five");
    assertThat(taken(100)).isEqualTo("six");
    assertThat(taken(100)).isEqualTo("nothing");
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void a_link_that_takes_large_frames_gets_what_was_joined_as_the_same_bytes() {
    queue.open(List.of());
    byte[] shared = bytes("one\ntwo\n".repeat(2000));
    queue.offer(shared);

    assertThat(queue.take(8 * 1024)).isSameAs(shared);
  }

  @Test
  void once_discarded_it_takes_and_gives_nothing() {
    queue.open(List.of());
    queue.offer(bytes("x"));

    queue.discard();

    assertThat(queue.offer(bytes("y"))).isEqualTo(Offer.DISCARDED);
    assertThat(taken()).isEqualTo("nothing");
    assertThat(queue.bytes()).isZero();
  }
}
