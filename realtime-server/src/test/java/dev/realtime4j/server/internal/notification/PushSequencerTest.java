package dev.realtime4j.server.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Pushes in the order of their ids, whatever the order of the commits. */
final class PushSequencerTest {
  private final AtomicLong next = new AtomicLong();
  private final PushSequencer order =
      new PushSequencer(() -> new NotificationId(new UUID(1, next.incrementAndGet())));
  private final UserId anna = new UserId(UUID.randomUUID());
  private final List<String> pushed = new ArrayList<>();

  @Test
  void a_push_waits_for_those_that_took_their_ids_before() {
    PushSequencer.Ticket first = order.take(anna);
    PushSequencer.Ticket second = order.take(anna);
    PushSequencer.Ticket third = order.take(anna);
    assertThat(first.id()).isLessThan(second.id());

    third.stored(() -> pushed.add("third"));
    second.stored(() -> pushed.add("second"));
    assertThat(pushed).isEmpty();
    first.stored(() -> pushed.add("first"));

    assertThat(pushed).containsExactly("first", "second", "third");
  }

  @Test
  void one_that_failed_holds_nobody_up() {
    PushSequencer.Ticket first = order.take(anna);
    PushSequencer.Ticket second = order.take(anna);
    second.stored(() -> pushed.add("second"));

    first.failed();

    assertThat(pushed).containsExactly("second");
  }

  @Test
  void users_do_not_wait_for_each_other() {
    order.take(anna);
    PushSequencer.Ticket other = order.take(new UserId(UUID.randomUUID()));

    other.stored(() -> pushed.add("other"));

    assertThat(pushed).containsExactly("other");
  }
}
