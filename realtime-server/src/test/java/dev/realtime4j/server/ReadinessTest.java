package dev.realtime4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.HealthReport.Status;
import dev.realtime4j.server.simulation.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a node says that it may be given clients. */
class ReadinessTest {
  /** How often a node looks at its stores; at one that was fit, each sixth time. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime();
  private final FaultyStore store = new FaultyStore();
  private Runnable check = () -> {};
  private final VirtualNode node =
      VirtualNode.build(time, "a", builder -> builder.notifications(store.repository()));

  private void start() {
    store.before("check", () -> check.run());
    node.server().start();
  }

  private Status status() {
    return health().status();
  }

  private HealthReport health() {
    return node.server().health();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void unfit(String message) {
    check =
        () -> {
          throw new RealtimeException(ErrorCode.INTERNAL, message);
        };
  }

  private HealthReport.Problem problem() {
    assertThat(health().problems()).hasSize(1);
    return health().problems().get(0);
  }

  @Test
  void a_store_that_lacks_something_keeps_the_node_from_being_ready_until_it_is_mended() {
    unfit("a table is missing; run the migrations");
    start();

    assertThat(status()).isEqualTo(Status.NOT_READY);
    assertThat(problem().name()).isEqualTo("notifications.store");
    assertThat(problem().message()).isEqualTo("a table is missing; run the migrations");
    assertThat(node.server().stats().problems()).isOne();

    check = () -> {};
    time.pass(LOOK.multipliedBy(7));
    assertThat(status()).isEqualTo(Status.UP);
    assertThat(health().problems()).isEmpty();
  }

  @Test
  void a_store_that_is_unavailable_degrades_the_node_only() {
    store.away(true);
    start();

    time.pass(LOOK.multipliedBy(7));
    assertThat(status()).isEqualTo(Status.DEGRADED);
    assertThat(health().problems()).isEmpty();
  }

  @Test
  void a_store_that_was_unavailable_at_the_start_and_then_lacks_something_is_not_ready() {
    store.away(true);
    start();
    assertThat(status()).isNotEqualTo(Status.NOT_READY);

    unfit("a table is missing; run the migrations");
    store.away(false);

    time.pass(LOOK.multipliedBy(7));
    assertThat(status()).isEqualTo(Status.NOT_READY);
  }

  @Test
  void what_breaks_in_a_node_that_was_ready_is_told_and_takes_it_out_of_no_service() {
    start();
    assertThat(status()).isEqualTo(Status.UP);

    unfit("a right was revoked; grant it");

    time.pass(LOOK.multipliedBy(7));
    assertThat(status()).isEqualTo(Status.DEGRADED);
    assertThat(problem().message()).isEqualTo("a right was revoked; grant it");
  }

  @Test
  void a_check_that_breaks_by_itself_is_told_and_not_ready() {
    check =
        () -> {
          throw new IllegalStateException("it quotes a title");
        };
    start();

    assertThat(status()).isEqualTo(Status.NOT_READY);
    assertThat(problem().message())
        .contains("IllegalStateException")
        .doesNotContain("it quotes a title");
  }
}
