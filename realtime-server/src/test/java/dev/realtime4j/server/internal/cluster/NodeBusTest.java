package dev.realtime4j.server.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node's own messages do not need the bus. */
class NodeBusTest {
  private static final String CHANNEL = "room:match:42";

  private final Scripted carrier = new Scripted();
  private final NodeBus bus =
      new NodeBus(new ServerId("node-1"), carrier, ServerEnvironment.system());
  private final List<String> heard = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private void listen() {
    bus.start();
    bus.awaitMade(
        List.of(
            bus.subscribe(
                CHANNEL,
                message -> {
                  threads.add(Thread.currentThread());
                  heard.add(new String(message.body(), StandardCharsets.UTF_8));
                })));
  }

  private CompletionStage<PublishResult> publish(String body) {
    return bus.publish(CHANNEL, BusMessage.of(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void this_node_has_a_message_when_publish_returns_and_the_others_are_sent_it_once() {
    listen();

    publish("{}");

    assertThat(heard).containsExactly("{}");
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(carrier.published).containsExactly("node-1\n{}");
  }

  @Test
  void what_nobody_listens_to_here_is_for_the_others_all_the_same() {
    bus.start();

    publish("{}");

    assertThat(carrier.published).containsExactly("node-1\n{}");
  }

  @Test
  void what_no_other_node_listens_to_is_not_written_for_it() throws Exception {
    listen();
    carrier.heardElsewhere = false;

    assertThat(publish("{}").toCompletableFuture().get()).isEqualTo(PublishResult.ACCEPTED);

    assertThat(heard).containsExactly("{}");
    assertThat(carrier.published).isEmpty();
  }

  @Test
  void while_nothing_connects_the_nodes_this_one_is_served_and_the_outcome_is_of_the_others() {
    listen();
    carrier.outcome = () -> CompletableFuture.completedStage(PublishResult.LOST);

    assertThat(publish("{}").toCompletableFuture()).isCompletedWithValue(PublishResult.LOST);

    assertThat(heard).containsExactly("{}");
  }

  @Test
  void a_queue_that_is_full_refuses_and_this_node_has_the_message() {
    listen();
    carrier.outcome =
        () -> {
          throw RealtimeException.unavailable("full", null);
        };

    assertThatThrownBy(() -> publish("{}")).isInstanceOf(RealtimeException.class);

    assertThat(heard).containsExactly("{}");
  }

  /** As Redis does, and a bus of the time when it was the bus that delivered here. */
  @Test
  void a_bus_that_brings_a_nodes_own_messages_back_now_or_later_doubles_nothing() {
    listen();
    carrier.echo = true;

    publish("{\"a\":1}");
    publish("{\"a\":2}");
    carrier.published.forEach(carrier::bring);

    assertThat(heard).containsExactly("{\"a\":1}", "{\"a\":2}");
  }

  @Test
  void messages_of_other_nodes_and_of_stores_are_heard_in_their_order() {
    listen();

    carrier.bring("node-2\n{\"a\":1}");
    carrier.bring("\n{\"a\":2}");
    carrier.bring("{\"a\":3}");
    carrier.bring("node-12\n{\"a\":4}");

    assertThat(heard).containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":4}");
  }

  @Test
  void what_one_thread_publishes_is_in_order_here_and_there() {
    listen();
    carrier.echo = true;

    IntStream.range(0, 1000).forEach(i -> publish("{\"a\":" + i + "}"));

    List<String> sent = IntStream.range(0, 1000).mapToObj(i -> "{\"a\":" + i + "}").toList();
    assertThat(heard).isEqualTo(sent);
    assertThat(carrier.published).isEqualTo(sent.stream().map(body -> "node-1\n" + body).toList());
  }

  @Test
  void who_fails_to_listen_keeps_no_message_from_the_others() {
    bus.start();
    bus.subscribe(
        CHANNEL,
        message -> {
          throw new IllegalStateException("a test");
        });

    publish("{}");

    assertThat(carrier.published).containsExactly("node-1\n{}");
  }

  @Test
  void after_unsubscribing_nothing_more_is_heard_from_anywhere() {
    listen();
    bus.unsubscribe(CHANNEL);

    publish("{}");
    carrier.bring("node-2\n{}");

    assertThat(heard).isEmpty();
  }

  /** Carries what the test says. */
  private static final class Scripted implements ClusterBus {
    private final List<String> published = new ArrayList<>();
    private final List<BusListener> listeners = new ArrayList<>();
    private Supplier<CompletionStage<PublishResult>> outcome =
        () -> CompletableFuture.completedStage(PublishResult.ACCEPTED);
    private boolean echo;
    private boolean heardElsewhere = true;

    @Override
    public void start(BusListener listener) {
      listeners.add(listener);
    }

    @Override
    public CompletionStage<PublishResult> publish(String channel, byte[] message) {
      String text = new String(message, StandardCharsets.UTF_8);
      published.add(text);
      if (echo) {
        bring(text);
      }
      return outcome.get();
    }

    @Override
    public boolean isHeardElsewhere(String channel) {
      return heardElsewhere;
    }

    private void bring(String text) {
      listeners.forEach(one -> one.onMessage(CHANNEL, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public CompletionStage<Void> subscribe(String channel) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void unsubscribe(String channel) {}

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void close() {}
  }
}
