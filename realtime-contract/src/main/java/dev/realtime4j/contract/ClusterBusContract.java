package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.BusListener;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of {@link ClusterBus}. */
public abstract class ClusterBusContract extends ClusterContract {
  private static final String CHANNEL = "room:match:42";

  private final RecordingListener here = new RecordingListener();
  private final RecordingListener there = new RecordingListener();
  private ClusterBus bus;
  private ClusterBus other;

  @BeforeEach
  final void startTwoNodes() {
    bus = startedBus(here);
    other = startedBus(there);
  }

  @Test
  void aMessageReachesEveryOtherSubscribedNodeExactlyOnce() {
    RecordingListener further = new RecordingListener();
    ClusterBus third = startedBus(further);
    subscribe(bus, CHANNEL);
    subscribe(other, CHANNEL);
    subscribe(third, CHANNEL);

    publish(bus, CHANNEL, "hello");
    publish(other, CHANNEL, "and back");

    here.awaitTexts(CHANNEL, 1);
    there.awaitTexts(CHANNEL, 1);
    further.awaitTexts(CHANNEL, 2);
    fence();
    assertThat(here.texts(CHANNEL)).containsOnlyOnce("and back");
    assertThat(there.texts(CHANNEL)).containsOnlyOnce("hello");
    assertThat(further.texts(CHANNEL)).containsExactlyInAnyOrder("hello", "and back");
  }

  /** The node has its own messages by itself; a store may not know who publishes. */
  @Test
  void theNodeThatPublishedAMessageHearsItOnceAtMost() {
    subscribe(bus, CHANNEL);

    publish(bus, CHANNEL, "hello");

    fence();
    assertThat(here.texts(CHANNEL)).isSubsetOf("hello").hasSizeLessThan(2);
  }

  @Test
  void aChannelThatAnotherNodeIsSubscribedToIsHeardElsewhere() {
    subscribe(bus, CHANNEL);
    for (int i = 0; i < 50; i++) {
      subscribe(other, CHANNEL);
      assertThat(bus.isHeardElsewhere(CHANNEL)).isTrue();
      other.unsubscribe(CHANNEL);
    }
  }

  @Test
  void aMessageIsNeitherReadNorChanged() {
    subscribe(other, CHANNEL);
    byte[] message = "node-1\nlabel\n{\"a\":\"äöü €\"}\n\n".getBytes(StandardCharsets.UTF_8);

    bus.publish(CHANNEL, message);
    bus.publish(CHANNEL, new byte[] {'\n'});

    there.awaitTexts(CHANNEL, 2);
    assertThat(there.texts(CHANNEL))
        .containsExactly(new String(message, StandardCharsets.UTF_8), "\n");
  }

  @Test
  void whatTheClusterHasTakenIsSaidToBeTaken() {
    subscribe(other, CHANNEL);

    List<CompletionStage<PublishResult>> handovers =
        IntStream.range(0, 100)
            .mapToObj(i -> bus.publish(CHANNEL, "hello".getBytes(StandardCharsets.UTF_8)))
            .toList();

    for (CompletionStage<PublishResult> handover : handovers) {
      assertThat(handover.toCompletableFuture())
          .succeedsWithin(Duration.ofSeconds(10))
          .isEqualTo(PublishResult.ACCEPTED);
    }
    there.awaitTexts(CHANNEL, 100);
  }

  @Test
  void aNodeThatIsNotSubscribedHearsNothing() {
    subscribe(other, "another");

    publish(bus, CHANNEL, "hello");

    fence();
    assertThat(here.texts(CHANNEL)).isEmpty();
    assertThat(there.texts(CHANNEL)).isEmpty();
  }

  @Test
  void messagesOfOneThreadOnOneChannelArriveInOrder() {
    subscribe(other, CHANNEL);

    List<String> sent = IntStream.range(0, 5_000).mapToObj(Integer::toString).toList();
    sent.forEach(text -> publish(bus, CHANNEL, text));

    there.awaitTexts(CHANNEL, 5_000);
    assertThat(there.texts(CHANNEL)).isEqualTo(sent);
  }

  @Test
  void everyMessageAfterTheSubscriptionIsHeard() {
    for (int i = 0; i < 50; i++) {
      String channel = "room:" + i;
      subscribe(other, channel);
      publish(bus, channel, "hello");
    }
    for (int i = 0; i < 50; i++) {
      there.awaitTexts("room:" + i, 1);
    }
  }

  @Test
  void aSecondSubscriptionChangesNothing() {
    subscribe(other, CHANNEL);
    subscribe(other, CHANNEL);

    publish(bus, CHANNEL, "hello");

    fence();
    assertThat(there.texts(CHANNEL)).containsExactly("hello");
  }

  @Test
  void afterUnsubscribingNothingMoreIsHeard() {
    subscribe(other, CHANNEL);
    other.unsubscribe(CHANNEL);
    other.unsubscribe("never subscribed");

    publish(bus, CHANNEL, "hello");

    fence();
    assertThat(there.texts(CHANNEL)).isEmpty();
  }

  @Test
  void aChannelThatIsLeftAndJoinedAgainIsHeard() {
    for (int i = 1; i <= 50; i++) {
      subscribe(other, CHANNEL);
      publish(bus, CHANNEL, "hello " + i);
      there.awaitTexts(CHANNEL, i);
      other.unsubscribe(CHANNEL);
    }
    assertThat(there.texts(CHANNEL)).hasSize(50);
  }

  @Test
  void tenThousandSubscriptionsAreMadeWithinSeconds() {
    List<CompletableFuture<Void>> made =
        IntStream.range(0, 10_000)
            .mapToObj(i -> other.subscribe("user:" + i))
            .map(CompletionStage::toCompletableFuture)
            .toList();

    assertThat(CompletableFuture.allOf(made.toArray(CompletableFuture[]::new)))
        .succeedsWithin(Duration.ofSeconds(30));
    publish(bus, "user:9999", "hello");
    there.awaitTexts("user:9999", 1);
  }

  @Test
  void aListenerThatThrowsDisturbsNobody() {
    ClusterBus broken =
        startedBus(
            new BusListener() {
              @Override
              public void onMessage(String channel, byte[] message) {
                throw new IllegalStateException("a listener that throws");
              }

              @Override
              public void onGap() {}

              @Override
              public void onDisconnected() {}
            });
    subscribe(broken, CHANNEL);
    subscribe(other, CHANNEL);

    assertThatCode(() -> publish(bus, CHANNEL, "one")).doesNotThrowAnyException();
    assertThatCode(() -> publish(broken, CHANNEL, "two")).doesNotThrowAnyException();

    there.awaitTexts(CHANNEL, 2);
    assertThat(broken.isConnected()).isTrue();
  }

  @Test
  void aChannelHasOneToTwoHundredCharacters() {
    subscribe(other, "c".repeat(200));
    publish(bus, "c".repeat(200), "hello");
    there.awaitTexts("c".repeat(200), 1);

    assertThatThrownBy(() -> publish(bus, "", "hello")).isInstanceOf(RealtimeException.class);
    assertThatThrownBy(() -> publish(bus, "c".repeat(201), "hello"))
        .isInstanceOf(RealtimeException.class);
  }

  @Test
  void aHealthyConnectionTellsOfNoGap() {
    subscribe(other, CHANNEL);
    fence();

    assertThat(here.gaps()).isZero();
    assertThat(there.gaps()).isZero();
    assertThat(bus.isConnected()).isTrue();
  }

  @Test
  void closingIsIdempotentAndQuickAndNothingIsHeardAfterIt() {
    subscribe(other, CHANNEL);

    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          other.close();
          other.close();
        });
    publish(bus, CHANNEL, "hello");

    fence();
    assertThat(there.texts(CHANNEL)).isEmpty();
    assertThat(other.isConnected()).isFalse();
  }

  /** When this returns, everything that was published on {@code bus} before has arrived. */
  private void fence() {
    RecordingListener fence = new RecordingListener();
    ClusterBus third = startedBus(fence);
    subscribe(third, "fence");
    subscribe(bus, "fence");
    if (other.isConnected()) {
      subscribe(other, "fence");
    }
    publish(bus, "fence", "done");
    fence.awaitTexts("fence", 1);
    if (other.isConnected()) {
      there.awaitTexts("fence", 1);
    }
  }

  private static void publish(ClusterBus on, String channel, String text) {
    on.publish(channel, text.getBytes(StandardCharsets.UTF_8));
  }
}
