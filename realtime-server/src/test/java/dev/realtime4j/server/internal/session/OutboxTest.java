package dev.realtime4j.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.server.internal.session.Outbox.Offer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits to go out: held, joined, bounded. */
final class OutboxTest {
  private final Outbox outbox = new Outbox(1000);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String taken() {
    byte[] next = outbox.take();
    return next == null ? "nothing" : new String(next, StandardCharsets.UTF_8);
  }

  @Test
  void it_gives_nothing_out_until_what_comes_first_is_in_front() {
    assertThat(outbox.offer(bytes("live"))).isEqualTo(Offer.KEPT);
    assertThat(taken()).isEqualTo("nothing");

    outbox.open(List.of(bytes("connected"), bytes("missed")));

    assertThat(taken()).isEqualTo("connected\nmissed\nlive");
    assertThat(outbox.offer(bytes("later"))).isEqualTo(Offer.ACCEPTED);
    assertThat(taken()).isEqualTo("later");
    assertThat(outbox.bytes()).isZero();
  }

  @Test
  void a_lone_message_is_given_out_as_the_same_bytes() {
    outbox.open(List.of());
    byte[] shared = bytes("shared by all members");
    outbox.offer(shared);

    assertThat(outbox.take()).isSameAs(shared);
  }

  @Test
  void above_its_budget_it_refuses_but_a_large_message_alone_passes() {
    outbox.open(List.of());
    assertThat(outbox.offer(new byte[5000])).isEqualTo(Offer.ACCEPTED);
    assertThat(outbox.offer(bytes("x"))).isEqualTo(Offer.OVERFLOW);

    assertThat(outbox.take()).hasSize(5000);
    assertThat(outbox.offer(bytes("x"))).isEqualTo(Offer.ACCEPTED);
  }

  @Test
  void messages_are_joined_up_to_64_KiB() {
    Outbox large = new Outbox(1_000_000);
    large.open(List.of());
    for (int i = 0; i < 3; i++) {
      large.offer(new byte[30_000]);
    }

    assertThat(large.take()).hasSize(60_001);
    assertThat(large.take()).hasSize(30_000);
    assertThat(large.take()).isNull();
  }

  @Test
  void once_discarded_it_takes_and_gives_nothing() {
    outbox.open(List.of());
    outbox.offer(bytes("x"));

    outbox.discard();

    assertThat(outbox.offer(bytes("y"))).isEqualTo(Offer.DISCARDED);
    assertThat(taken()).isEqualTo("nothing");
    assertThat(outbox.bytes()).isZero();
  }
}
